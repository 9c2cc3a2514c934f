import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskferryError, isDescriptor } from '@diskferry/engine';

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * The files of a folder that stands for an image in several files: the VMDK descriptor first, which is the only kind.
 * @throws DiskferryError `usage` where it is not clear which file is the image
 */
export async function imageFilesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name));
  const descriptors: string[] = [];
  for (const path of files) {
    if (await beginsAsDescriptor(path)) descriptors.push(path);
  }
  const [first, ...others] = descriptors.length > 0 ? descriptors : files.length === 1 ? files : [];
  if (first && others.length === 0) return [first, ...files.filter((path) => path !== first)];
  const what = others.length > 0 ? 'several VMDK descriptors' : 'no VMDK descriptor';
  throw new DiskferryError('usage', `${folder} holds ${what}: name the file that is the image`);
}

async function beginsAsDescriptor(path: string): Promise<boolean> {
  await using file = await open(path, 'r');
  const head = new Uint8Array(1024);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  return isDescriptor(head.subarray(0, bytesRead));
}
