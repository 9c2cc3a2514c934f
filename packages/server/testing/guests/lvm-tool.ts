import { readFile } from 'node:fs/promises';
import { run, toolPath } from '../../../engine/testing/tools.ts';
import type { FileTree } from './file-tree.ts';

/** Debian's `lvm` with the libraries that it is linked with: the initramfs of a guest needs it to find its root. */
export async function addLvm(tree: FileTree): Promise<void> {
  const program = toolPath('lvm');
  if (program === undefined) throw new Error('there is no lvm: apt-get install lvm2');
  tree.file('sbin/lvm', await readFile(program), 0o755);
  // `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)`, and the loader without an arrow.
  for (const [, path = ''] of (await run('ldd', [program])).matchAll(/(?:=>\s+|^\s+)(\/\S+)/gm)) {
    tree.file(path.slice(1), await readFile(path), 0o755);
  }
}
