import { mkdir, open, rm, truncate, writeFile } from 'node:fs/promises';
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
  await runAsRoot('mke2fs', ext4Arguments(place, work));
  await rm(work, { recursive: true });
}

/** From an archive with owners and rights, in a file of its own: what unpacks it must be what puts it into the file system. */
export async function fillExt4(place: Place, { archive, work }: { archive: string; work: string }): Promise<void> {
  await mkdir(work);
  const script = 'tar -xpf "$1" -C "$2" --numeric-owner --exclude="./dev/*"; shift 2; exec mke2fs "$@"';
  await writeFile(place.disk, '');
  await runAsRoot('sh', [
    '-ec',
    `PATH=$PATH:/usr/sbin:/sbin; ${script}`,
    'sh',
    archive,
    work,
    ...ext4Arguments(place, work),
  ]);
  await rm(work, { recursive: true });
}

function ext4Arguments({ disk, offset, size, id }: Place, folder: string): string[] {
  const now = `nodiscard,offset=${offset},root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0`;
  // GRUB 2.06 does not read what mke2fs makes without asking since 1.47.
  const form = ['-t', 'ext4', '-O', '^metadata_csum_seed,^orphan_file', '-m', '0', '-U', id, '-E', now];
  return ['-q', '-F', ...form, '-d', folder, disk, `${size / KiB}k`];
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

/** Moves a file into its place on the disk. */
export async function copyInto(place: Place, path: string): Promise<void> {
  await copyFrom(path, place);
  await rm(path);
}

/** What is zero in the file stays a hole. */
export async function copyFrom(path: string, place: Place): Promise<void> {
  await using from = await open(path, 'r');
  await using to = await open(place.disk, 'r+');
  const [chunk, zeros] = [Buffer.alloc(64 * KiB), Buffer.alloc(64 * KiB)];
  for (let offset = 0; offset < place.size; offset += chunk.length) {
    const { bytesRead } = await from.read(chunk, 0, Math.min(chunk.length, place.size - offset), offset);
    if (chunk.subarray(0, bytesRead).equals(zeros.subarray(0, bytesRead))) continue;
    await to.write(chunk, 0, bytesRead, place.offset + offset);
  }
}
