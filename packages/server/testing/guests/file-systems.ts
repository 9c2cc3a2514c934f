import { open, rm, truncate, writeFile } from 'node:fs/promises';
import { run } from '../../../engine/testing/tools.ts';
import type { FileTree } from './file-tree.ts';
import type { Partition } from './partition-table.ts';
import { runAsRoot } from './tool-calls.ts';

/** A piece of the disk, and what the file system in it is called. */
export type Place = Pick<Partition, 'offset' | 'size'> & { readonly disk: string; readonly id: string };

const KiB = 1024;

/** `work` is the path of a folder that is made and removed. */
export async function makeExt4(place: Place, tree: FileTree, work: string): Promise<void> {
  await tree.writeTo(work);
  const now = `nodiscard,offset=${place.offset},root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0`;
  // GRUB 2.06 does not read what mke2fs makes without asking since 1.47.
  const form = ['-t', 'ext4', '-O', '^metadata_csum_seed,^orphan_file', '-m', '0', '-U', place.id, '-E', now];
  await runAsRoot('mke2fs', ['-q', '-F', ...form, '-d', work, place.disk, `${place.size / KiB}k`]);
  await rm(work, { recursive: true });
}

export async function makeSwap(place: Place, work: string): Promise<void> {
  await writeFile(work, '');
  await truncate(work, place.size);
  await run('mkswap', ['-q', '-U', place.id, work]);
  await copyInto(place, work);
}

/** The system partition of UEFI, with one program in it. */
export async function makeEsp(place: Place, { at, program }: { at: string; program: string }): Promise<void> {
  const image = ['-i', `${place.disk}@@${place.offset}`];
  await run('mformat', [...image, '-T', String(place.size / 512), '-h', '16', '-s', '63', '-v', 'EFI', '::']);
  const folders = at.split('/').slice(0, -1);
  for (const [index] of folders.entries()) {
    await run('mmd', [...image, `::/${folders.slice(0, index + 1).join('/')}`]);
  }
  await run('mcopy', [...image, program, `::/${at}`]);
}

/** Moves a file into its place on the disk. What is zero in it stays a hole. */
export async function copyInto(place: Place, path: string): Promise<void> {
  {
    await using from = await open(path, 'r');
    await using to = await open(place.disk, 'r+');
    const chunk = Buffer.alloc(64 * KiB);
    for (let offset = 0; offset < place.size; offset += chunk.length) {
      const { bytesRead } = await from.read(chunk, 0, Math.min(chunk.length, place.size - offset), offset);
      if (!chunk.subarray(0, bytesRead).some((byte) => byte !== 0)) continue;
      await to.write(chunk, 0, bytesRead, place.offset + offset);
    }
  }
  await rm(path);
}
