import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { collect, MemoryBytes, streamOf } from '../../testing/memory-bytes.ts';
import { seededBytes } from '../../testing/seeded.ts';
import { parseChecksum, withChecksum, type Checksum } from './checksum.ts';
import type { Source } from './source.ts';

const CONTENT = seededBytes(4, 100_000);

function memorySource(content: Uint8Array): Source {
  return {
    label: 'memory',
    name: 'memory',
    identify: async () => ({ size: content.length, ranged: true }),
    stream: async ({ range }) =>
      streamOf(content.subarray(range?.offset ?? 0, range === undefined ? undefined : range.offset + range.length)),
    bytes: async () => new MemoryBytes(content),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function digest(algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512'): Checksum {
  return { algorithm, value: createHash(algorithm).update(CONTENT).digest('hex') };
}

describe('withChecksum', () => {
  it.each(['md5', 'sha1', 'sha256', 'sha512'] as const)(
    'passes the whole object with the right %s',
    async (algorithm) => {
      const source = withChecksum(memorySource(CONTENT), digest(algorithm));
      expect(await collect(await source.stream({ expect: { size: CONTENT.length } }))).toHaveLength(CONTENT.length);
      const range = { offset: 0, length: CONTENT.length };
      expect(await collect(await source.stream({ range, expect: { size: CONTENT.length } }))).toHaveLength(
        CONTENT.length,
      );
    },
  );

  it('fails at the end of an object that has another one, and gives both', async () => {
    const { value } = digest('sha256');
    const source = withChecksum(memorySource(CONTENT.slice(0, -1)), digest('sha256'));
    const reading = source.stream({ expect: { size: CONTENT.length - 1 } }).then(collect);
    await expect(reading).rejects.toMatchObject({ code: 'source-checksum', message: expect.stringContaining(value) });
  });

  it('leaves parts alone', async () => {
    const source = withChecksum(memorySource(CONTENT), { algorithm: 'md5', value: '0'.repeat(32) });
    const range = { offset: 1, length: 5 };
    expect(await collect(await source.stream({ range, expect: { size: CONTENT.length } }))).toHaveLength(5);
  });
});

describe('parseChecksum', () => {
  it('takes hex in any case and the CRC of COS in decimal', () => {
    expect(parseChecksum(`SHA256:${'AB'.repeat(32)}`)).toEqual({ algorithm: 'sha256', value: 'ab'.repeat(32) });
    const crc = { algorithm: 'crc64ecma', value: '995dc9bbdf1939fa' };
    expect(parseChecksum('crc64ecma:995dc9bbdf1939fa')).toEqual(crc);
    expect(parseChecksum(`crc64ecma:${0x995dc9bbdf1939fan}`)).toEqual(crc);
    expect(parseChecksum('crc64ecma:7')).toMatchObject({ value: '0000000000000007' });
  });

  it.each([
    '',
    'sha256',
    'sha256:',
    'sha256:zz',
    'md4:00',
    `md5:${'0'.repeat(31)}`,
    'constructor:00',
    `crc64ecma:${2n ** 64n}`,
  ])('refuses %s', (text) => {
    expect(() => parseChecksum(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
