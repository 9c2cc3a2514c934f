import { describe, expect, it } from 'vitest';
import { MemoryBytes, streamOf } from '../../../testing/memory-bytes.ts';
import { header, joined, makeTar, padded, paxHeader } from '../../../testing/tar-maker.ts';
import { refusalOf } from '../../../testing/unpack-conformance.ts';
import { tar } from './tar.ts';

/** The refusal by range and the one from a stream, which must be the same. */
async function refusal(archive: Uint8Array): Promise<string | undefined> {
  const begun = process.cpuUsage();
  const byRange = await refusalOf(() => tar.list(new MemoryBytes(archive)));
  const byStream = await refusalOf(async () => {
    for await (const member of tar.pass?.(streamOf(archive)) ?? []) expect(member.name.length).toBeLessThan(2 ** 20);
  });
  const { user, system } = process.cpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(1500);
  expect(byStream).toBe(byRange);
  return byRange;
}

const END = new Uint8Array(1024);
const sized = (rawSize: string | Uint8Array) => joined([header({ name: 'x', rawSize }), END]);

const files = (count: number, type: string) =>
  new Uint8Array(Buffer.concat([...Array.from({ length: count }, () => header({ name: 'f', type })), END]));

describe('a hostile tar', () => {
  it('is refused for a size that is negative, huge or no number', async () => {
    const negative = Uint8Array.from({ length: 12 }, () => 0xff);
    const huge = Uint8Array.from({ length: 12 }, (_, at) => (at === 0 ? 0x80 : 0x7f));
    for (const size of [negative, huge, '-0000000001\0', '8888888888\0 ', 'x', '            ']) {
      expect(await refusal(sized(size))).toBe('package-damaged');
    }
    expect(await refusal(sized('77777777777\0'))).toBe('package-truncated');
    expect(await refusal(joined([paxHeader([['size', '99999999999999999999']]), header({ name: 'x' }), END]))).toBe(
      'package-damaged',
    );
    expect(await refusal(joined([paxHeader([['size', '-1']]), header({ name: 'x' }), END]))).toBe('package-damaged');
    expect(await refusal(joined([paxHeader([['size', '9007199254740991']]), header({ name: 'x' }), END]))).toBe(
      'package-damaged',
    );
  });

  it('is refused for header data above 1 MiB, in one header or in many', async () => {
    for (const type of ['x', 'g', 'L', 'K']) {
      const one = joined([header({ name: 'x', type, size: 2 ** 20 + 1 }), new Uint8Array(2 ** 21), END]);
      expect(await refusal(one)).toBe('package-limit');
    }
    const many = Array.from({ length: 3 }, () =>
      joined([header({ name: 'x', type: 'L', size: 500_000 }), padded(new Uint8Array(500_000))]),
    );
    expect(await refusal(joined([...many, header({ name: 'x' }), END]))).toBe('package-limit');
    const claimed = joined([header({ name: 'x', type: 'x', size: 2 ** 40 }), END]);
    expect(await refusal(claimed)).toBe('package-limit');
  });

  it('is refused for more members or headers than the limits', async () => {
    expect(await refusal(files(4096, '0'))).toBeUndefined();
    expect(await refusal(files(4097, '0'))).toBe('package-limit');
    expect(await refusal(files(65_537, '5'))).toBe('package-limit');
  });

  it('is refused when it ends early: without end mark, within a member, between headers', async () => {
    const whole = makeTar([{ name: 'a', content: new Uint8Array(1000).fill(1) }]);
    expect(await refusal(new Uint8Array(0))).toBe('package-truncated');
    expect(await refusal(whole.subarray(0, -1024))).toBe('package-truncated');
    expect(await refusal(whole.subarray(0, 1024))).toBe('package-truncated');
    expect(await refusal(whole.subarray(0, 700))).toBe('package-truncated');
    expect(await refusal(paxHeader([['path', 'x']]))).toBe('package-truncated');
    expect(await refusal(joined([paxHeader([['path', 'x']]), END]))).toBe('package-damaged');
  });

  it('is refused for a wrong checksum and for a header behind a lone block of zeros', async () => {
    const damaged = header({ name: 'x' });
    damaged[0] = 0x79;
    expect(tar.probe(damaged)).toBe(true);
    expect(await refusal(joined([damaged, END]))).toBe('package-damaged');
    expect(await refusal(joined([new Uint8Array(512), header({ name: 'x' }), END]))).toBe('package-damaged');
  });

  it('is refused for pax records that are malformed', async () => {
    const records = [
      '5 a=\n',
      '99 path=x\n',
      '9 path=x\nx',
      'x path=x\n',
      '10 path=xy',
      '0 =\n',
      ' 9 path=x\n',
      '6 path\n',
      '99999999999 a=b\n',
    ];
    for (const record of records) {
      const data = Buffer.from(record);
      const archive = joined([
        header({ name: 'x', type: 'x', size: data.length }),
        padded(data),
        header({ name: 'x' }),
        END,
      ]);
      expect(await refusal(archive), JSON.stringify(record)).toBe(record === '5 a=\n' ? undefined : 'package-damaged');
    }
  });

  it('is refused when it goes on in another volume', async () => {
    expect(await refusal(joined([header({ name: 'x', type: 'M' }), END]))).toBe('package-unsupported');
  });
});

const pax = (records: readonly (readonly [string, string])[], data: string | Uint8Array = '') => {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  return joined([paxHeader(records), header({ name: 'x', size: bytes.length }), padded(bytes), END]);
};

const map = (text: string, size = '1000', data = '') =>
  pax(
    [
      ['GNU.sparse.size', size],
      ['GNU.sparse.map', text],
    ],
    data,
  );
const one = (text: string | Uint8Array) =>
  pax(
    [
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.realsize', '1000'],
    ],
    text,
  );

describe('a hostile sparse map in a tar', () => {
  it('is refused when pieces overlap, leave the member, or do not use up what is stored', async () => {
    expect(await refusal(map('0,2,10,2', '1000', 'abcd'))).toBeUndefined();
    const bad = [
      '0,2,1,2',
      '10,2,0,2',
      '999,2,1001,2',
      '0,2',
      '0,2,10,3',
      '0,2,10',
      'x',
      '0,-2,10,6',
      '9007199254740991,4',
      '0,2,,2',
    ];
    for (const text of bad) expect(await refusal(map(text, '1000', 'abcd')), text).toBe('package-damaged');
    expect(await refusal(pax([['GNU.sparse.map', '0,1']], 'a'))).toBe('package-damaged');
    expect(
      await refusal(
        pax(
          [
            ['GNU.sparse.size', '10'],
            ['GNU.sparse.numbytes', '1'],
          ],
          'a',
        ),
      ),
    ).toBe('package-damaged');
  });

  it('of version 1.0 is refused when it lies about its length', async () => {
    expect(await refusal(one('1\n0\n0\n'.padEnd(512, '\0')))).toBeUndefined();
    for (const text of ['', '9\n0\n1\n', '\n', `${'1'.repeat(600)}\n`, 'x\n', '-1\n']) {
      expect(await refusal(one(text.padEnd(1024, '\0'))), text).toBe('package-damaged');
    }
    expect(await refusal(one('99999999999\n0\n0\n'.padEnd(1024, '\0')))).toBe('package-limit');
    const lines = Buffer.concat([Buffer.from('340000\n'), Buffer.alloc(9 * 2 ** 20, '1234567890123456\n')]);
    expect(await refusal(one(lines))).toBe('package-limit');
  });

  it('of another version is refused by name', async () => {
    expect(
      await refusal(
        pax([
          ['GNU.sparse.major', '2'],
          ['GNU.sparse.minor', '0'],
        ]),
      ),
    ).toBe('package-unsupported');
  });

  it('of old GNU tar is refused when its blocks never end', async () => {
    const endless = header({ name: 'x', type: 'S', magic: 'ustar  ', patch: (block) => void (block[482] = 1) });
    const block = new Uint8Array(512);
    block[504] = 1;
    const archive = new Uint8Array(512 * 17_000);
    archive.set(endless);
    for (let at = 512; at < archive.length; at += 512) archive.set(block, at);
    expect(await refusal(archive)).toBe('package-limit');
    expect(await refusal(archive.subarray(0, 51_200))).toBe('package-truncated');
  });

  it('that claims petabytes costs nothing to list', async () => {
    const [member] = await tar.list(new MemoryBytes(map('9007199254740000,4', '9007199254740991', 'abcd')));
    expect(member?.size).toBe(9007199254740991);
    const into = new Uint8Array(6);
    await member?.bytes?.read(9007199254739999, into);
    expect(Buffer.from(into).toString()).toBe('\0abcd\0');
  });
});
