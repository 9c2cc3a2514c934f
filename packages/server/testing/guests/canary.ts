import { createHash } from 'node:crypto';
import type { FileTree } from './file-tree.ts';

const LINES = 40_000;

/** No line is like another: a block that comes to lie elsewhere is seen by the guest. */
export function canaryText(name: string): string {
  return Array.from({ length: LINES }, (_, index) => `canary ${index} of ${name}\n`).join('');
}

/** The lines of `sha256sum` for files of a tree. */
export function sumsOf(tree: FileTree, paths: readonly string[]): string {
  const lines = paths.map((path) => {
    const entry = tree.entries.get(path);
    if (entry?.kind !== 'file') throw new Error(`${path} is no file of the guest`);
    return `${createHash('sha256').update(entry.content).digest('hex')}  ${path}\n`;
  });
  return lines.join('');
}
