import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/engine/testing/temp.ts';
import { scatteredRuns, writeDisk } from './disk.ts';
import { listFiles } from './real-files.ts';
import { GIB, KIB, MIB, TIB } from './units.ts';

describe('the disk of the benchmark', () => {
  it.each([
    { size: 16 * GIB, allocated: 4 * GIB },
    { size: 64 * MIB, allocated: 16 * MIB },
    { size: TIB, allocated: 8 * GIB },
  ])('holds about what it should in runs that do not meet: %o', ({ size, allocated }) => {
    const runs = scatteredRuns({ size, allocated });
    const ends = runs.map(({ offset, length }) => offset + length);
    expect(
      runs.every(({ offset }, index) => offset % (64 * KIB) === 0 && offset >= (ends[index - 1] ?? 64 * KIB)),
    ).toBe(true);
    expect(ends.at(-1)).toBeLessThanOrEqual(size);
    const sum = runs.reduce((total, { length }) => total + length, 0);
    expect(sum / allocated).toBeGreaterThan(0.8);
    expect(sum / allocated).toBeLessThan(1.2);
  });

  it('holds real files one after the other, each on a block of its own, over and over', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in', 'a'), 'A'.repeat(5000));
    await writeFile(join(folder, 'in', 'b'), 'B'.repeat(4096));
    const files = await listFiles(join(folder, 'in'));
    const shape = { size: 8 * MIB, allocated: MIB };
    const data = await writeDisk(join(folder, 'disk.raw'), shape, files);
    const disk = await readFile(join(folder, 'disk.raw'));
    expect(disk.length).toBe(shape.size);
    expect(disk.readUInt16BE(510)).toBe(0x55aa);
    const [run] = scatteredRuns(shape);
    const blocks = Array.from({ length: 3 }, (_, index) =>
      String.fromCharCode(disk[run!.offset + index * 4096]!),
    ).toSorted();
    expect(blocks).toEqual(['A', 'A', 'B']);
    expect(data).toBe(64 * KIB + scatteredRuns(shape).reduce((total, { length }) => total + length, 0));
  });
});
