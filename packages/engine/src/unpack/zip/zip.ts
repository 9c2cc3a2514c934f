import { u32le } from '../../base/endian.ts';
import type { Archive } from '../package.ts';

/** zip (APPNOTE.TXT 6.3.10), by its directory and so by ranged reads only. Stored members are read in place. */
export const zip: Archive = {
  kind: 'archive',
  name: 'zip',
  probe,
  list: async (file, signal) => (await import('./list-zip.ts')).listZip(file, signal),
};

const LOCAL_HEADER = 0x04034b50;
const EMPTY_ARCHIVE = 0x06054b50;

function probe(head: Uint8Array): boolean {
  return head.length >= 4 && [LOCAL_HEADER, EMPTY_ARCHIVE].includes(u32le(head, 0));
}
