import { KiB, MiB } from '../../../base/align.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { u16le, u32le } from '../../../base/endian.ts';
import { damaged } from '../../fault.ts';
import { hasText } from '../../filesystem/signature/content.ts';
import { readBounded } from '../../part.ts';
import { cellReader, type ReadCell } from './cells.ts';
import { subkeyOffsets } from './subkeys.ts';
import { readValue, type RegistryValue } from './values.ts';

/** A file of the Windows registry, read cell by cell (msuhanov, Windows registry file format specification). */
const BINS_AT = 4 * KiB;
const NAME_IS_LATIN = 0x20;
const VALUE_LIMIT = 10_000;

export interface RegistryKey {
  readonly name: string;
  /** The key below with this name, whatever its case. */
  child(name: string): Promise<RegistryKey | undefined>;
  value(name: string): Promise<RegistryValue | undefined>;
}

export interface Hive {
  readonly root: RegistryKey;
  /** It was being written when the system went down: its log may hold newer values. */
  readonly torn: boolean;
}

/** @throws GuestFault */
export async function openHive(file: Bytes): Promise<Hive> {
  const head = await readBounded(file, { offset: 0, length: 512 }, 512, 'the head of a registry file');
  if (!hasText(head, 0, 'regf')) throw damaged('no registry file');
  const read = cellReader(file, BINS_AT);
  return { root: await keyAt(read, u32le(head, 36)), torn: u32le(head, 4) !== u32le(head, 8) };
}

/** A key by its path, `\` between the names. */
export async function keyBelow(key: RegistryKey, path: string): Promise<RegistryKey | undefined> {
  let here: RegistryKey | undefined = key;
  for (const name of path.split('\\')) here = await here?.child(name);
  return here;
}

async function keyAt(read: ReadCell, offset: number): Promise<RegistryKey> {
  const cell = await read(offset, MiB);
  if (!hasText(cell, 0, 'nk') || cell.length < 76) throw damaged('the registry leads to what is no key');
  const raw = Buffer.from(cell.subarray(76, 76 + u16le(cell, 72)));
  const name = raw.toString((u16le(cell, 2) & NAME_IS_LATIN) !== 0 ? 'latin1' : 'utf16le');
  return {
    name,
    async child(wanted) {
      if (u32le(cell, 20) === 0) return undefined;
      for await (const at of subkeyOffsets(read, u32le(cell, 28))) {
        const key = await keyAt(read, at);
        if (key.name.toLowerCase() === wanted.toLowerCase()) return key;
      }
      return undefined;
    },
    async value(wanted) {
      const count = Math.min(u32le(cell, 36), VALUE_LIMIT);
      if (count === 0) return undefined;
      const list = await read(u32le(cell, 40), MiB);
      for (let index = 0; index < count && index * 4 + 4 <= list.length; index++) {
        const value = await readValue(read, u32le(list, index * 4));
        if (value.name.toLowerCase() === wanted.toLowerCase()) return value;
      }
      return undefined;
    },
  };
}
