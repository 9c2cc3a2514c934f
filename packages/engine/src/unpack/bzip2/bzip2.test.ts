import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { collect, streamOf } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { hasTool } from '../../../testing/tools.ts';
import { compressionConformance, packWith, refusalOf } from '../../../testing/unpack-conformance.ts';
import { bzip2 } from './bzip2.ts';
import { crc32Msb } from './crc.ts';
import { Randomiser } from './randomised.ts';

const decoded = (packed: Uint8Array, sizes = [4096]) => collect(bzip2.decode(streamOf(new Uint8Array(packed), sizes)));

describe.skipIf(!hasTool('bzip2'))('bzip2 [needs bzip2]', () => {
  compressionConformance('bzip2', bzip2, packWith('bzip2', ['-c', '-1']));

  it('reads every level, with blocks that end anywhere', async () => {
    const content = Buffer.concat([seededBytes(1, 250_000), Buffer.alloc(150_000, 'abcabd'), Buffer.alloc(300_000)]);
    for (const level of ['-1', '-2', '-5', '-9']) {
      expect(Buffer.compare(await decoded(await packWith('bzip2', ['-c', level])(content)), content), level).toBe(0);
    }
  });

  it('reads runs of every length around the run-length code', async () => {
    const runs = Array.from({ length: 600 }, (_, length) => Buffer.alloc(length, length & 255));
    const content = Buffer.concat([
      ...runs,
      ...[3, 4, 5, 259, 260].flatMap((length) => [Buffer.alloc(length, 1), Buffer.of(4)]),
    ]);
    expect(Buffer.compare(await decoded(await packWith('bzip2', ['-c'])(content)), content)).toBe(0);
  });

  it('joins streams of different levels, and refuses a wrong CRC of a block or of the stream', async () => {
    const [one, nine] = [
      await packWith('bzip2', ['-c', '-1'])(Buffer.from('one')),
      await packWith('bzip2', ['-c'])(Buffer.from('nine')),
    ];
    expect(Buffer.from(await decoded(Buffer.concat([one, nine]))).toString()).toBe('onenine');
    for (const at of [10, one.length - 2]) {
      const damaged = Buffer.from(one);
      damaged[at]! ^= 4;
      expect(await refusalOf(() => decoded(damaged))).toBe('package-damaged');
    }
  });

  it('reads randomised blocks as bzip2 itself does', async () => {
    // A block of the content as the randomiser leaves it, marked as randomised and given the CRC of the content. The
    // content has no runs, so that the run-length code before the randomiser does not come in.
    const content = Uint8Array.from({ length: 50_000 }, (_, at) => (at * 7 + (at >>> 8)) & 0xfe);
    const random = new Randomiser();
    const turned = content.map((byte) => byte ^ random.next());
    const packed = await packWith('bzip2', ['-c'])(turned);
    const crc = crc32Msb(content);
    new DataView(packed.buffer, packed.byteOffset).setUint32(10, crc);
    packed[14]! |= 0x80;
    writeBitsBehindEndMagic(packed, crc);
    const expected = execFileSync('bzip2', ['-dc'], { input: packed });
    expect(Buffer.compare(expected, content)).toBe(0);
    expect(Buffer.compare(await decoded(packed), content)).toBe(0);
  });
});

describe('bzip2 without its tool', () => {
  it('knows its CRC', () => {
    expect(crc32Msb(Buffer.from('123456789'))).toBe(0xfc891918);
    expect(crc32Msb(Buffer.from('6789'), crc32Msb(Buffer.from('12345')))).toBe(0xfc891918);
  });

  it('reads an empty stream and refuses other levels', async () => {
    const empty = Buffer.from('425a68391772453850900000 0000'.replace(' ', ''), 'hex');
    expect((await decoded(empty)).length).toBe(0);
    for (const digit of ['0', ':', 'a']) {
      const other = Buffer.from(empty);
      other[3] = digit.charCodeAt(0);
      expect(await refusalOf(() => decoded(other))).toBe('package-damaged');
      expect(bzip2.probe(other)).toBe(false);
    }
  });

  it('does not run for ever over a header of ones', async () => {
    for (const byte of [0xff, 0xaa, 0x55]) {
      const hostile = Buffer.concat([
        Buffer.from('BZh9\x31\x41\x59\x26\x53\x59', 'latin1'),
        Buffer.alloc(4_000_000, byte),
      ]);
      const begun = process.cpuUsage();
      expect(await refusalOf(() => decoded(hostile, [65536]))).toMatch(/^package-(damaged|truncated)$/);
      expect(process.cpuUsage(begun).user / 1000).toBeLessThan(1000);
    }
  });
});

/** Finds the end magic, at whatever bit it stands, and writes the CRC of the stream behind it. */
function writeBitsBehindEndMagic(packed: Uint8Array, crc: number): void {
  const bits = [...packed].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const magic = 0x177245385090n.toString(2).padStart(48, '0');
  const at = bits.lastIndexOf(magic) + 48;
  const changed = bits.slice(0, at) + crc.toString(2).padStart(32, '0') + bits.slice(at + 32);
  for (let byte = 0; byte < packed.length; byte++)
    packed[byte] = Number.parseInt(changed.slice(byte * 8, byte * 8 + 8), 2);
}
