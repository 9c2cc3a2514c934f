import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { seededBytes } from '../../../testing/seeded.ts';
import { targetConformance } from '../../../testing/target-conformance.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool } from '../../../testing/tools.ts';
import { MiB, TiB } from '../../base/align.ts';
import { hasSystemCalls } from '../../base/system-calls.ts';
import { openFileTarget } from './open-file-target.ts';

const disk = await tempFolder();
const tmpfs = await folderOnTmpfs();

for (const [name, folder] of [
  ['a file', disk],
  ['a file on tmpfs', tmpfs],
] as const) {
  if (folder === undefined) {
    describe.skip(`${name} [needs /dev/shm]`, () => it('keeps the contract of targets', () => {}));
    continue;
  }
  targetConformance(name, async (size) => {
    const path = join(folder, randomUUID());
    return {
      target: await openFileTarget(path, { create: size }),
      content: () => readFile(path),
      dispose: () => rm(path),
    };
  });
}

describe('openFileTarget()', () => {
  it('makes a sparse file that starts zeroed', async () => {
    const path = fresh();
    await using target = await openFileTarget(path, { create: 2 * TiB });
    expect(target).toMatchObject({ size: 2 * TiB, created: true, traits: { startsZeroed: true } });
    expect((await stat(path)).blocks).toBe(0);
  });

  it.skipIf(!hasSystemCalls())('knows a blank file from a used one, and clears the used one', async () => {
    const path = fresh();
    await writeFile(path, '');
    await truncate(path, 8 * MiB);
    {
      await using target = await openFileTarget(path);
      expect(target).toMatchObject({ created: false, traits: { startsZeroed: true } });
      await target.write(5 * MiB, seededBytes(1, MiB));
    }
    await using target = await openFileTarget(path);
    expect(target.traits.startsZeroed).toBe(false);
    await target.clear();
    expect(target.traits.startsZeroed).toBe(true);
    expect((await readFile(path)).equals(Buffer.alloc(8 * MiB))).toBe(true);
    expect((await stat(path)).blocks).toBe(0);
  });

  it('leaves an existing file alone unless it is empty or fresh is asked for', async () => {
    const path = fresh();
    const content = seededBytes(2, MiB);
    await writeFile(path, content);
    {
      await using target = await openFileTarget(path, { create: 4 * MiB });
      expect(target).toMatchObject({ size: MiB, created: false });
    }
    expect((await readFile(path)).equals(content)).toBe(true);
    {
      await using target = await openFileTarget(path, { fresh: true });
      expect(target).toMatchObject({ size: MiB, traits: { startsZeroed: true } });
    }
    await using target = await openFileTarget(path, { create: 4 * MiB, fresh: true });
    expect(target).toMatchObject({ size: 4 * MiB, created: true, traits: { startsZeroed: true } });
    await writeFile(`${path}-empty`, '');
    await using grown = await openFileTarget(`${path}-empty`, { create: MiB });
    expect(grown).toMatchObject({ size: MiB, created: true });
  });

  it('keeps its identity when it is opened again, and changes it when the file is made anew', async () => {
    const path = fresh();
    const identityOf = async (): Promise<string> => {
      await using target = await openFileTarget(path, { create: MiB });
      await target.write(0, seededBytes(3, 4096));
      return target.identity;
    };
    const first = await identityOf();
    expect(await identityOf()).toBe(first);
    await symlink(path, `${path}-link`);
    await using linked = await openFileTarget(`${path}-link`);
    expect(linked.identity).toBe(first);
    await rename(path, `${path}-old`);
    expect(await identityOf()).not.toBe(first);
  });

  it.skipIf(!hasSystemCalls())('refuses a file that another copy writes', async () => {
    const path = fresh();
    {
      await using _first = await openFileTarget(path, { create: MiB });
      await expect(openFileTarget(path, { fresh: true })).rejects.toMatchObject({ code: 'target-in-use' });
    }
    await using _second = await openFileTarget(path);
  });

  it('refuses what is no regular file, what is missing and what exists but should not', async () => {
    const path = fresh();
    await mkdir(`${path}-folder`);
    await writeFile(path, 'x');
    await expect(openFileTarget(`${path}-folder`)).rejects.toMatchObject({ code: 'target-unsupported' });
    await expect(openFileTarget('/dev/null')).rejects.toMatchObject({ code: 'target-unsupported' });
    await expect(openFileTarget(`${path}-none`)).rejects.toMatchObject({ code: 'target-not-found' });
    await expect(openFileTarget(join(path, 'x'), { create: 1 })).rejects.toMatchObject({ code: 'target-not-found' });
    const exclusive = { create: MiB, exclusive: true };
    await expect(openFileTarget(path, exclusive)).rejects.toMatchObject({ code: 'target-occupied' });
    const endless = { create: 2 ** 52 };
    await expect(openFileTarget(fresh(), endless)).rejects.toMatchObject({ code: 'target-too-small' });
  });

  it.skipIf(!hasTool('mkfifo'))('does not wait for anybody at a fifo [needs mkfifo]', async () => {
    const path = fresh();
    await promisify(execFile)('mkfifo', [path]);
    await expect(openFileTarget(path)).rejects.toMatchObject({ code: 'target-unsupported' });
  });

  it('reads back past the page cache where the file system allows it', async () => {
    const path = fresh();
    await using target = await openFileTarget(path, { create: 3 * MiB + 77 });
    await target.write(0, seededBytes(4, 3 * MiB + 77));
    const tail = Buffer.alloc(100);
    await target.readBack.read(3 * MiB - 23, tail);
    expect(tail.equals(Buffer.from(seededBytes(4, 3 * MiB + 77)).subarray(-100))).toBe(true);
    // Whether it does depends on the file system below the folder for temporary files.
    expect(typeof target.readBack.bypassesCache).toBe('boolean');
  });

  it('says that a file which was cut short cannot be read back', async () => {
    const path = fresh();
    await using target = await openFileTarget(path, { create: 2 * MiB });
    await truncate(path, MiB);
    const reading = target.readBack.read(MiB - 10, Buffer.alloc(20));
    await expect(reading).rejects.toMatchObject({ code: 'target-read', offset: MiB });
  });
});

describe.skipIf(process.getuid?.() !== 0 || !hasTool('mount'))('a file on a full disk (as root)', () => {
  it('is reported as full, and as writable again after room was made', async () => {
    const folder = join(disk, 'small');
    await mkdir(folder);
    const mounted = await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder]).catch(
      () => undefined,
    );
    if (mounted === undefined) return;
    try {
      await using target = await openFileTarget(join(folder, 'disk'), { create: 8 * MiB });
      const bytes = seededBytes(5, 2 * MiB);
      await expect(target.write(0, bytes)).rejects.toMatchObject({ code: 'target-full', offset: 0 });
      await target.zero({ offset: 0, length: 2 * MiB }, { mayPunch: true });
      await target.write(6 * MiB, bytes.subarray(0, MiB / 2));
      await target.flush();
    } finally {
      await promisify(execFile)('umount', [folder]);
    }
  });
});

async function folderOnTmpfs(): Promise<string | undefined> {
  const folder = join('/dev/shm', `diskferry-test-${randomUUID()}`);
  try {
    await mkdir(folder);
    await using probe = await open(join(folder, 'probe'), 'w');
    await probe.truncate(1);
  } catch {
    return undefined;
  }
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function fresh(): string {
  return join(disk, randomUUID());
}
