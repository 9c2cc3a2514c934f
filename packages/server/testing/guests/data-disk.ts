import { mkdir, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededBytes } from '../../../engine/testing/seeded.ts';
import { canaryText, sumsOf } from './canary.ts';
import { makeExt4 } from './file-systems.ts';
import { FileTree } from './file-tree.ts';
import { guestId, type MiniGuest } from './mini-guest.ts';

const MiB = 2 ** 20;

/** A disk without partitions for `dataDisks` of a mini guest, which looks whether its content is right. @returns its path */
export async function makeDataDisk(wanted: Pick<MiniGuest, 'folder' | 'name' | 'ballast'>): Promise<string> {
  const { folder, name, ballast } = wanted;
  const tree = new FileTree();
  tree.file('canary', canaryText(name));
  if (ballast !== undefined) tree.file('ballast', seededBytes(2, ballast));
  tree.file('canary.sha256', sumsOf(tree, ['canary']));
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'making-'));
  try {
    const [disk, size] = [join(work, 'disk'), Math.ceil((1.1 * tree.size) / MiB + 16) * MiB];
    await writeFile(disk, '');
    await truncate(disk, size);
    await makeExt4({ disk, offset: 0, size, id: guestId(name, 'root') }, tree, join(work, 'tree'));
    await rename(disk, join(folder, `${name}.raw`));
    return join(folder, `${name}.raw`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
