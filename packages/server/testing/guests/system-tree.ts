import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FileTree } from './file-tree.ts';
import { type GuestKernel, moduleFiles } from './guest-kernel.ts';
import { busyboxPath } from './guest-needs.ts';

const FOLDERS = ['bin', 'sbin', 'proc', 'sys', 'dev', 'run', 'tmp', 'root', 'etc', 'lib/modules'] as const;

/** What both the initramfs and the root of a guest begin with: busybox under all its names, and modules of the kernel. */
export async function systemTree(kernel: GuestKernel, modules: readonly string[]): Promise<FileTree> {
  const tree = new FileTree();
  for (const folder of FOLDERS) tree.folder(folder);
  await addBusybox(tree);
  await addModules(tree, kernel, modules);
  return tree;
}

async function addBusybox(tree: FileTree): Promise<void> {
  const path = busyboxPath();
  if (path === undefined) throw new Error('there is no busybox: apt-get install busybox-static');
  tree.file('bin/busybox', await readFile(path), 0o755);
  const { stdout } = await promisify(execFile)(path, ['--list']);
  for (const name of stdout.split('\n').filter((word) => word && word !== 'busybox')) {
    tree.link(`bin/${name}`, 'busybox');
  }
  // The kernel calls it by this name.
  tree.link('sbin/modprobe', '../bin/busybox');
}

async function addModules(tree: FileTree, kernel: GuestKernel, names: readonly string[]): Promise<void> {
  const below = `lib/modules/${kernel.version}`;
  const files = await moduleFiles(kernel, names);
  for (const file of files) tree.file(`${below}/${file}`, await readFile(join(kernel.modules, file)));
  const here = new Set(files);
  const needs = (await readFile(join(kernel.modules, 'modules.dep'), 'utf8')).split('\n');
  const kept = needs.filter((line) => here.has(line.replace(/:.*/, '')));
  tree.file(`${below}/modules.dep`, `${kept.join('\n')}\n`);
  for (const list of ['modules.builtin', 'modules.order']) {
    tree.file(`${below}/${list}`, await readFile(join(kernel.modules, list)));
  }
}
