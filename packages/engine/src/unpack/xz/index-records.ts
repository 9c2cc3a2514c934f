import { crc32 } from 'node:zlib';
import { alignUp } from '../../base/align.ts';
import { u32le } from '../../base/endian.ts';
import { isZero } from '../../base/zero.ts';
import { damaged, type Intake } from '../intake.ts';
import { BlockLedger } from './block-ledger.ts';
import { readVli } from './vli.ts';

/**
 * Reads the index (xz-file-format section 4) behind its indicator byte, record by record, and compares it with the
 * blocks that were decoded. Gives its whole length.
 * @throws DiskferryError `package-damaged`, `package-truncated`
 */
export async function checkIndex(intake: Intake, met: BlockLedger): Promise<number> {
  const bytes = new CountedBytes(intake);
  const count = await bytes.number('the number of records in an xz index');
  if (count !== met.count) throw damaged(`the xz index tells ${count} blocks; there are ${met.count}`, intake.at);
  const told = new BlockLedger();
  while (told.count < count) {
    const unpadded = await bytes.number('an xz index record');
    told.add({ unpadded, content: await bytes.number('an xz index record') });
  }
  if (!told.equals(met)) throw damaged('the xz index does not tell the blocks that there are', intake.at);
  await bytes.padding();
  const crc = bytes.crc;
  if (u32le(await intake.exactly(4, 'the CRC of an xz index'), 0) !== crc) {
    throw damaged('the CRC of the xz index does not match', intake.at);
  }
  return bytes.length + 4;
}

/** The index as it passes by: its length and its CRC, which begin with the indicator. */
class CountedBytes {
  length = 1;
  crc = crc32(Uint8Array.of(0));
  readonly #intake: Intake;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  async number(what: string): Promise<number> {
    const start = this.#intake.at;
    const bytes = new Uint8Array(9);
    let length = 0;
    do {
      bytes.set(await this.#intake.exactly(1, what), length);
    } while ((bytes[length++] ?? 0) >= 0x80 && length < bytes.length);
    this.#count(bytes.subarray(0, length));
    return readVli({ bytes: bytes.subarray(0, length), at: 0, start }, what);
  }

  async padding(): Promise<void> {
    const padding = await this.#intake.exactly(alignUp(this.length, 4) - this.length, 'the padding of an xz index');
    if (!isZero(padding)) throw damaged('the padding of the xz index is not zero', this.#intake.at);
    this.#count(padding);
  }

  #count(bytes: Uint8Array): void {
    this.crc = crc32(bytes, this.crc);
    this.length += bytes.length;
  }
}
