import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../testing/temp.ts';
import type { CheckpointRecord } from './checkpoint.ts';
import { CheckpointFile } from './checkpoint-file.ts';

const BINDING = { source: 'ディスク.qcow2 größe', image: 'qcow2', target: 'file:/x' };
const begin = async () => ({ startedZeroed: true });
const RECORD: CheckpointRecord = {
  segments: [
    { index: 3, digest: Buffer.alloc(32, 7) },
    { index: 4, digest: undefined },
  ],
  torn: [{ index: 9 }],
  zeroed: [{ offset: 0, length: 4096 }],
  position: 12_345,
  place: {
    mark: { packedOffset: 1, contentOffset: 2, state: Buffer.from([1, 2, 3]) },
    kept: [{ offset: 5, bytes: Buffer.from('tables') }],
  },
};

async function written(path: string, records: number): Promise<void> {
  await using file = await CheckpointFile.open(path, BINDING, begin);
  for (let turn = 0; turn < records; turn++) await file.commit(RECORD);
}

async function read(path: string): Promise<CheckpointRecord[]> {
  await using file = await CheckpointFile.open(path, BINDING, begin);
  return Array.fromAsync(file.records());
}

describe('CheckpointFile', async () => {
  const folder = await tempFolder();

  it('gives back what was committed', async () => {
    const path = join(folder, 'whole');
    await written(path, 2);
    expect(await read(path)).toEqual([RECORD, RECORD]);
  });

  it('drops a last line that a crash cut off anywhere, and goes on behind the whole ones', async () => {
    const path = join(folder, 'cut');
    await written(path, 2);
    const whole = await readFile(path);
    const last = whole.lastIndexOf(10, whole.length - 2) + 1;
    for (let length = last; length < whole.length; length += 13) {
      await writeFile(path, whole.subarray(0, length));
      expect(await read(path)).toEqual([RECORD]);
      await written(path, 1);
      expect(await read(path)).toEqual([RECORD, RECORD]);
    }
  });

  it('begins anew where not even its head was written', async () => {
    const path = join(folder, 'head');
    await written(path, 0);
    await truncate(path, 20);
    expect(await read(path)).toEqual([]);
  });

  it('is damaged where a line in the middle is not as it was written', async () => {
    const path = join(folder, 'damaged');
    await written(path, 2);
    const content = await readFile(path);
    content[content.indexOf('segments') + 1]! ^= 1;
    await writeFile(path, content);
    await expect(read(path)).rejects.toMatchObject({ code: 'checkpoint-damaged' });
    await appendFile(path, 'x');
  });

  it('belongs to one source, image and target', async () => {
    const path = join(folder, 'foreign');
    await written(path, 1);
    for (const key of ['source', 'image', 'target'] as const) {
      const other = CheckpointFile.open(path, { ...BINDING, [key]: 'other' }, begin);
      await expect(other).rejects.toMatchObject({ code: 'checkpoint-foreign' });
    }
  });

  it('is not shared by two copies at once', async () => {
    const path = join(folder, 'busy');
    await using file = await CheckpointFile.open(path, BINDING, begin);
    await expect(CheckpointFile.open(path, BINDING, begin)).rejects.toMatchObject({ code: 'checkpoint-busy' });
    await file.remove();
    expect(await CheckpointFile.peek(path)).toBeUndefined();
  });
});
