import { KiB } from '../../../base/align.ts';
import { u16le, u32le } from '../../../base/endian.ts';
import { field } from '../../text.ts';
import { content, hasText, peek, type Recogniser } from './content.ts';

export const recogniseIso9660: Recogniser = async (part) => {
  const block = await peek(part, 32 * KiB, 2 * KiB);
  if (!block || !hasText(block, 1, 'CD001')) return undefined;
  const boot = await peek(part, 34 * KiB, 64);
  const bootable = boot !== undefined && boot[0] === 0 && hasText(boot, 7, 'EL TORITO SPECIFICATION');
  return content('iso9660', {
    label: field(block, 40, 32),
    size: u32le(block, 80) * u16le(block, 128),
    detail: bootable ? 'bootable (El Torito)' : undefined,
  });
};
