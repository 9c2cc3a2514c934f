import { fileURLToPath } from 'node:url';
import { DiskferryError } from '../base/errors.ts';
import { type NbdAddress, isNbdAddress, parseNbdAddress } from './nbd/nbd-address.ts';

/** What a person gave as TARGET. Whether a path is a file or a block device shows when it is opened. */
export type TargetLocator =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'nbd'; readonly address: NbdAddress }
  | { readonly kind: 'null' };

/**
 * A path, `file:`, `nbd://`, `nbd+unix:` or `null:`. A path with a colon in its first part is written with `./`.
 * @throws DiskferryError `usage`, `target-unsupported`
 */
export function parseTargetLocator(text: string): TargetLocator {
  if (text === '') throw new DiskferryError('usage', 'the target is an empty word');
  if (text.includes('\0')) throw new DiskferryError('usage', 'the target has a NUL in its name');
  if (text === 'null:') return { kind: 'null' };
  if (isNbdAddress(text)) return { kind: 'nbd', address: parseNbdAddress(text) };
  if (/^file:/i.test(text)) return { kind: 'path', path: filePath(text) };
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1];
  if (scheme !== undefined) {
    throw new DiskferryError(
      'target-unsupported',
      `${scheme}: cannot be written; a target is a path, nbd:, nbd+unix: or null:`,
      {
        hint: `If a file of that name is meant, write ./${scheme}:…`,
      },
    );
  }
  return { kind: 'path', path: text };
}

function filePath(text: string): string {
  try {
    return text.startsWith('file://') ? fileURLToPath(text) : decodeURIComponent(text.slice('file:'.length));
  } catch (error) {
    throw new DiskferryError('usage', `${JSON.stringify(text.slice(0, 200))} is no file address`, { cause: error });
  }
}
