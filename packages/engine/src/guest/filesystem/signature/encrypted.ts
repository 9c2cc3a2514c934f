import { u16be } from '../../../base/endian.ts';
import { field } from '../../text.ts';
import { content, hasText, peek, type Recogniser } from './content.ts';

export const recogniseLuks: Recogniser = async (part) => {
  const head = await peek(part, 0, 512);
  if (!head || !hasText(head, 0, 'LUKS\xba\xbe')) return undefined;
  const version = u16be(head, 6);
  const label = version === 2 ? field(head, 24, 48) : undefined;
  return content('luks', { label, uuid: field(head, 168, 40), detail: `version ${version}` });
};

export const recogniseBitlocker: Recogniser = async (part) => {
  const sector = await peek(part, 0, 512);
  const isVolume = sector && (hasText(sector, 3, '-FVE-FS-') || isToGo(sector));
  return isVolume ? content('bitlocker', {}) : undefined;
};

/** BitLocker To Go hides behind a FAT boot sector and is known by a GUID in it. */
function isToGo(sector: Uint8Array): boolean {
  return (
    hasText(sector, 3, 'MSWIN4.1') &&
    Buffer.from(sector.subarray(424, 440)).toString('hex') === '3bd67649292ed84a8399f6a339e3d001'
  );
}
