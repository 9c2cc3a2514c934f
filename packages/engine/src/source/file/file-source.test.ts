import { execFileSync } from 'node:child_process';
import { mkdir, open, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { sourceConformance } from '../../../testing/source-conformance.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { MiB } from '../../base/align.ts';
import { hasSystemCalls } from '../../base/system-calls.ts';
import { FileSource } from './file-source.ts';
import { deviceNumbers } from './opened.ts';

const folder = await tempFolder();
let made = 0;

sourceConformance('a file', async (content) => {
  const path = join(folder, `disk-${made++}.img`);
  await writeFile(path, content);
  return {
    source: new FileSource(path),
    change: async (other) => {
      await writeFile(path, other);
      await utimes(path, 1, 1);
    },
    dispose: async () => undefined,
  };
});

describe('FileSource', () => {
  it('notices a write while the file is streamed', async () => {
    const path = join(folder, 'written');
    await writeFile(path, seededBytes(1, 5 * MiB));
    const source = new FileSource(path);
    const stream = await source.stream({ expect: await source.identify() });
    const reading = (async () => {
      for await (const _chunk of stream) await utimes(path, 2, 2);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'source-changed' });
  });

  it('notices that the file was cut while it is read in place', async () => {
    const path = join(folder, 'cut');
    await writeFile(path, seededBytes(1, MiB));
    const source = new FileSource(path);
    await using bytes = await source.bytes(await source.identify());
    await using file = await open(path, 'r+');
    await file.truncate(1000);
    await expect(bytes.read(2000, new Uint8Array(10))).rejects.toMatchObject({ code: 'source-changed' });
  });

  it.skipIf(!hasSystemCalls())('tells data from holes [needs the C library of Linux]', async () => {
    const path = join(folder, 'sparse');
    await using file = await open(path, 'w');
    await file.truncate(4 * MiB);
    await file.write(new Uint8Array(65536).fill(1), 0, 65536, MiB);
    const source = new FileSource(path);
    await using bytes = await source.bytes(await source.identify());
    expect(await Array.fromAsync(bytes.runs?.({ offset: 100, length: 3 * MiB }) ?? [])).toEqual([
      { kind: 'hole', offset: 100, length: MiB - 100 },
      { kind: 'data', offset: MiB, length: 65536 },
      { kind: 'hole', offset: MiB + 65536, length: 2 * MiB + 100 - 65536 },
    ]);
  });

  it('names what it does not find and what it cannot read', async () => {
    await expect(new FileSource(join(folder, 'none')).identify()).rejects.toMatchObject({ code: 'source-not-found' });
    await mkdir(join(folder, 'directory'));
    await expect(new FileSource(join(folder, 'directory')).identify()).rejects.toMatchObject({ code: 'source-read' });
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    await expect(new FileSource(join(folder, 'fifo')).identify()).rejects.toMatchObject({ code: 'source-read' });
  });

  it('knows the numbers of a device', async () => {
    expect(deviceNumbers(0x801n)).toBe('8:1');
    expect(deviceNumbers(0x10305n)).toBe('259:5');
    expect(deviceNumbers(0x100801n)).toBe('8:257');
    for (const device of (await readdir('/sys/dev/block').catch(() => [])).slice(0, 8)) {
      const [major = 0n, minor = 0n] = device.split(':').map(BigInt);
      const packed =
        ((major & ~0xfffn) << 32n) | ((major & 0xfffn) << 8n) | ((minor & ~0xffn) << 12n) | (minor & 0xffn);
      expect(deviceNumbers(packed)).toBe(device);
    }
  });

  it('refuses a file that is not the expected one, and a range that is not in it', async () => {
    const path = join(folder, 'other');
    await writeFile(path, 'abc');
    const source = new FileSource(path);
    const stream = source.stream({ expect: { size: 4 } }).then(collect);
    await expect(stream).rejects.toMatchObject({ code: 'source-changed' });
    const range = { offset: 2, length: 2 };
    await expect(source.stream({ range, expect: { size: 3 } })).rejects.toMatchObject({
      code: 'source-answer',
      offset: 2,
    });
  });
});
