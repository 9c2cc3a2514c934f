import { damaged, overLimit } from '../../fault.ts';
import type { Cursor } from './cursor.ts';

/** The archives that an initramfs is made of (Linux, Documentation/driver-api/early-userspace/buffer-format.rst). */
const HEADER = 110;
const END = 'TRAILER!!!';
const NAME_LIMIT = 4096;
const MEMBER_LIMIT = 200_000;

export function isCpio(head: Uint8Array): boolean {
  return /^07070[12]/.test(Buffer.from(head.subarray(0, 6)).toString('latin1'));
}

/** The names of an archive; the cursor stands behind its end mark afterwards. */
export async function* cpioNames(cursor: Cursor): AsyncGenerator<string> {
  for (let count = 0; count < MEMBER_LIMIT; count++) {
    const header = await cursor.exactly(HEADER);
    if (!isCpio(header)) throw damaged('the initramfs holds what is no cpio archive');
    const nameSize = word(header, 94);
    const size = word(header, 54);
    if (nameSize < 1 || nameSize > NAME_LIMIT) throw damaged(`a name of ${nameSize} bytes in the initramfs`);
    const name = Buffer.from(await cursor.exactly(nameSize))
      .toString('utf8')
      .replace(/\0.*$/s, '');
    await cursor.skip(padding(HEADER + nameSize));
    if (name === END) return;
    await cursor.skip(size + padding(size));
    yield name;
  }
  throw overLimit(`an initramfs of more than ${MEMBER_LIMIT} members`);
}

function word(header: Uint8Array, at: number): number {
  const text = Buffer.from(header.subarray(at, at + 8)).toString('latin1');
  if (!/^[0-9a-f]{8}$/i.test(text)) throw damaged('a header in the initramfs cannot be read');
  return Number.parseInt(text, 16);
}

function padding(length: number): number {
  return (4 - (length % 4)) % 4;
}
