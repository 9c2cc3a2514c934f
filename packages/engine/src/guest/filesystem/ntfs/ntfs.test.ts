import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { madeByWimapply } from '../../../../testing/filesystem-makers.ts';
import { fuzzGuest } from '../../../../testing/guest-fuzz.ts';
import { lznt1 } from '../../../../testing/lznt1-packer.ts';
import { MemoryBytes } from '../../../../testing/memory-bytes.ts';
import { attributeAt, changeRecord, packNtfsFile, recordOf } from '../../../../testing/ntfs-records.ts';
import { seededBytes } from '../../../../testing/seeded.ts';
import { tempFolder } from '../../../../testing/temp.ts';
import { hasTool, run } from '../../../../testing/tools.ts';
import { Budget } from '../../cache/budget.ts';
import { FrugalBytes } from '../../cache/frugal-bytes.ts';
import { unpackLznt1 } from './lznt1.ts';
import { openNtfs } from './ntfs.ts';

const folder = await tempFolder();
const LINES = Buffer.from(
  Array.from({ length: 20_000 }, (_, line) => `line ${line} of a text that packs well\n`).join(''),
);
const MIXED = Buffer.concat([LINES.subarray(0, 200_000), seededBytes(1, 150_000), Buffer.alloc(150_000), LINES]);
const LIST = 0x20;

async function imageOf(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const tree = join(folder, `${name}-tree`);
  mkdirSync(tree);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(tree, file), content);
  const image = join(folder, name);
  await madeByWimapply([], 16)(tree, image);
  return image;
}

async function contentOf(image: Uint8Array, path: string): Promise<Buffer> {
  const disk = new FrugalBytes(new MemoryBytes(image), new Budget());
  return Buffer.from((await (await openNtfs(disk)).read(path, 10_000_000)) ?? []);
}

/** A file with so many streams beside it that its record only leads to others. */
async function manyRecords(name: string): Promise<string> {
  const image = await imageOf(name, { many: MIXED });
  writeFileSync(join(folder, 'stream'), 'a stream');
  for (let count = 0; count < 40; count++) {
    await run('ntfscp', [
      '-q',
      '-f',
      '-N',
      `a-stream-with-a-long-name-${count}`,
      image,
      join(folder, 'stream'),
      '/many',
    ]);
  }
  return image;
}

/** Changes the list of attributes in the record of a file, which is stored in clusters or in the record. */
function changeList(image: Buffer, change: (list: Buffer) => void): void {
  changeRecord(image, recordOf(image, 'many'), (record) => {
    const at = attributeAt(record, LIST);
    if (record.readUInt8(at + 8) === 0) {
      const from = at + record.readUInt16LE(at + 20);
      change(record.subarray(from, from + record.readUInt32LE(at + 16)));
      return record;
    }
    const runAt = at + record.readUInt16LE(at + 32);
    const head = record.readUInt8(runAt);
    const cluster = record.readUIntLE(runAt + 1 + (head & 0xf), head >>> 4);
    change(image.subarray(cluster * 4096, cluster * 4096 + Number(record.readBigUInt64LE(at + 48))));
    return record;
  });
}

function refusing(bytes: number[]) {
  return expect(() => unpackLznt1(Uint8Array.from(bytes), new Uint8Array(4096)));
}

async function readAll(disk: FrugalBytes): Promise<void> {
  const files = await openNtfs(disk);
  for (const name of await files.list('/')) await files.read(`/${name}`, 4_000_000);
}

describe('unpackLznt1()', () => {
  it('gives back what was packed, and zeros behind its end', () => {
    for (const content of [
      LINES.subarray(0, 65_536),
      Buffer.alloc(65_536, 7),
      seededBytes(2, 65_536),
      LINES.subarray(0, 5001),
    ]) {
      const into = new Uint8Array(65_536).fill(1);
      unpackLznt1(lznt1(content), into);
      expect(Buffer.compare(into.subarray(0, content.length), content)).toBe(0);
      expect(into.subarray(content.length).every((byte) => byte === 0)).toBe(true);
    }
  });

  it('refuses what leads outside, ends too early, or is no chunk', () => {
    refusing([0x02, 0xb0, 0x01, 0x00, 0x00]).toThrow('outside of itself');
    refusing([0x01, 0xb0, 0x01, 0x00]).toThrow('too early');
    refusing([0x00, 0x10, 0x00]).toThrow('damaged');
    refusing([0xff, 0xbf, 0x00]).toThrow('damaged');
    refusing([0x03, 0xb0, 0x02, 0x41, 0xfc, 0x0f]).not.toThrow();
  });
});

describe.skipIf(!hasTool('mkfs.ntfs') || !hasTool('wimapply') || !hasTool('ntfscat') || !hasTool('ntfscp'))(
  'openNtfs() [needs mkfs.ntfs wimapply ntfscat ntfscp]',
  () => {
    it('reads a file that is packed: units packed, stored, and of zeros, as ntfscat does', async () => {
      const path = await imageOf('packed', { mixed: MIXED, small: LINES.subarray(0, 300) });
      const image = readFileSync(path);
      packNtfsFile(image, 'mixed');
      writeFileSync(path, image);
      const told = await run('ntfscat', ['-q', '-f', path, '/mixed']);
      expect(Buffer.compare(Buffer.from(told), Buffer.from(MIXED.toString()))).toBe(0);
      expect(Buffer.compare(await contentOf(image, '/mixed'), MIXED)).toBe(0);
      expect((await contentOf(image, '/small')).toString()).toBe(LINES.subarray(0, 300).toString());
      const file = await (await openNtfs(new MemoryBytes(image))).open('/mixed');
      const into = new Uint8Array(70_000);
      await file?.read(190_001, into);
      expect(Buffer.compare(into, MIXED.subarray(190_001, 260_001))).toBe(0);
    });

    it('refuses units that NTFS does not have, before it takes memory for them', async () => {
      const image = readFileSync(await imageOf('units', { mixed: MIXED }));
      packNtfsFile(image, 'mixed');
      for (const exponent of [5, 16, 60_000]) {
        changeRecord(image, recordOf(image, 'mixed'), (record) => {
          record.writeUInt16LE(exponent, attributeAt(record, 0x80) + 34);
          return record;
        });
        await expect(contentOf(image, '/mixed')).rejects.toThrow('packed in units of');
      }
    });

    it('reads a file whose record leads to others', async () => {
      const image = readFileSync(await manyRecords('many'));
      expect(() => changeList(image, () => undefined)).not.toThrow();
      expect(Buffer.compare(await contentOf(image, '/many'), MIXED)).toBe(0);
    });

    it.each<[string, RegExp, (list: Buffer) => void]>([
      ['other files', /does not belong to file/, (list) => pointAll(list, 5)],
      ['records that are not there', /no FILE record|behind the end/, (list) => pointAll(list, 2 ** 40)],
      ['hundreds of records', /more than 128 records/, (list) => pointAll(list, undefined)],
    ])('refuses a list that leads to %s', async (_, fault, change) => {
      const path = await manyRecords(`hostile-${fault.source.length}`);
      const image = readFileSync(path);
      changeList(image, change);
      await expect(contentOf(image, '/many')).rejects.toThrow(fault);
    });

    it('refuses a list that claims to be larger than any, before it takes memory for it', async () => {
      const image = readFileSync(await manyRecords('huge'));
      changeRecord(image, recordOf(image, 'many'), (record) => {
        const at = attributeAt(record, LIST);
        expect(record.readUInt8(at + 8)).toBe(1);
        record.writeBigUInt64LE(2n ** 40n, at + 48);
        return record;
      });
      await expect(contentOf(image, '/many')).rejects.toThrow(`a list of attributes of ${2 ** 40} bytes`);
    });

    it('does not go in circles where a list leads to its own record, nor take the file for an empty one', async () => {
      const image = readFileSync(await manyRecords('itself'));
      const number = (recordOf(image, 'many') - Number(image.readBigUInt64LE(48)) * 4096) / 1024;
      changeList(image, (list) => pointAll(list, number));
      expect(Buffer.compare(await contentOf(image, '/many'), MIXED)).toBe(0);
      changeRecord(image, recordOf(image, 'many'), (record) => {
        record.writeUInt8(0x90, attributeAt(record, 0x80));
        return record;
      });
      await expect(contentOf(image, '/many')).rejects.toThrow('has lost its content');
    });

    it('gives an answer under mutation of lists, runs and packed units', async () => {
      const many = readFileSync(await manyRecords('seed'));
      const packed = readFileSync(await imageOf('seed-packed', { mixed: MIXED }));
      packNtfsFile(packed, 'mixed');
      const seeds = [small(many), small(packed)];
      const report = await fuzzGuest('NTFS records', seeds, readAll, { seed: 3, milliseconds: 2500 });
      expect(report.cases).toBeGreaterThan(5);
      expect(report.refused).toBeGreaterThan(0);
    });
  },
);

/** Without the free end of the volume: most of what is damaged then matters. */
function small(image: Buffer): Uint8Array {
  let end = image.length;
  while (end > 0 && image.subarray(end - 4096, end).every((byte) => byte === 0)) end -= 4096;
  return new Uint8Array(image.subarray(0, end));
}

/** Each entry names this record; undefined: each another one. The list is as long as it was. */
function pointAll(list: Buffer, record: number | undefined): void {
  let turn = 0;
  for (let at = 0; at + 26 <= list.length;) {
    const number = record ?? 1000 + turn++;
    list.writeUIntLE(number, at + 16, 6);
    const length = list.readUInt16LE(at + 4);
    if (record === undefined) {
      list.writeUInt16LE(26, at + 4);
      list.copy(list, at + 26, at, at + Math.max(0, Math.min(26, list.length - at - 26)));
      at += 26;
    } else at += Math.max(26, length);
  }
}
