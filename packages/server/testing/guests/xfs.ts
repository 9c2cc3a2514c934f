import { rm, truncate, writeFile } from 'node:fs/promises';
import { run } from '../../../engine/testing/tools.ts';
import { copyInto, type Place } from './file-systems.ts';
import type { Entry, FileTree } from './file-tree.ts';

/** XFS that mkfs fills from a prototype (mkfs.xfs(8), `-p`). Without times past 2038: GRUB 2.06 does not read those. */
export async function makeXfs(place: Place, tree: FileTree, work: string): Promise<void> {
  await tree.writeTo(work);
  const [prototype, image] = [`${work}.proto`, `${work}.xfs`];
  await writeFile(prototype, prototypeOf(tree, work));
  await writeFile(image, '');
  await truncate(image, place.size);
  await run('mkfs.xfs', ['-q', '-m', `uuid=${place.id},bigtime=0`, '-p', prototype, image]);
  await copyInto(place, image);
  for (const path of [work, prototype]) await rm(path, { recursive: true });
}

/** Two lines that nothing reads any more, then each folder up to a `$`. Names cannot have spaces in them. */
function prototypeOf(tree: FileTree, folder: string): string {
  const inside = new Map<string, string[]>([['', []]]);
  for (const path of tree.entries.keys()) {
    const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    inside.set(above, [...(inside.get(above) ?? []), path]);
  }
  const lines = (path: string): string[] => (inside.get(path) ?? []).flatMap((below) => member(below));
  const member = (path: string): string[] => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const entry = tree.entries.get(path) as Entry;
    if (entry.kind === 'folder') return [`${name} d--755 0 0`, ...lines(path), '$'];
    if (entry.kind === 'link') return [`${name} l--777 0 0 ${entry.to}`];
    return [`${name} ---${entry.mode.toString(8)} 0 0 ${folder}/${path}`];
  };
  return ['unused', '0 0', 'd--755 0 0', ...lines(''), '$', ''].join('\n');
}
