import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A kernel for guests, as Debian's package of it was unpacked: `vmlinuz` and `lib/modules/VERSION` in one folder. */
export interface GuestKernel {
  readonly version: string;
  readonly vmlinuz: string;
  /** With `modules.dep`. */
  readonly modules: string;
}

/** Where the kernel is sought, and where `npm run guest-kernel` puts it. */
export function guestKernelFolder(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return env['DISKFERRY_GUEST_KERNEL'] || join(cache, 'diskferry-guests', 'kernel');
}

export function findGuestKernel(folder = guestKernelFolder()): GuestKernel | undefined {
  const [version] = namesIn(join(folder, 'lib', 'modules'))
    .toSorted()
    .toReversed();
  if (version === undefined || !namesIn(folder).includes('vmlinuz')) return undefined;
  const modules = join(folder, 'lib', 'modules', version);
  if (!namesIn(modules).includes('modules.dep')) return undefined;
  return { version, vmlinuz: join(folder, 'vmlinuz'), modules };
}

/** The files of modules and of what they need, each after what it needs. What is built into the kernel has none. */
export async function moduleFiles(kernel: GuestKernel, names: readonly string[]): Promise<string[]> {
  const needs = new Map<string, readonly string[]>();
  for (const line of (await readFile(join(kernel.modules, 'modules.dep'), 'utf8')).split('\n')) {
    const [path = '', below = ''] = line.split(':');
    if (path) needs.set(path, below.split(' ').filter(Boolean));
  }
  const builtIn = (await readFile(join(kernel.modules, 'modules.builtin'), 'utf8')).split('\n');
  const found = names.flatMap((name) => {
    const path = needs.keys().find((file) => moduleName(file) === moduleName(name));
    if (path !== undefined) return [...(needs.get(path) ?? []).toReversed(), path];
    if (builtIn.some((file) => moduleName(file) === moduleName(name))) return [];
    throw new Error(`the kernel ${kernel.version} has no module ${name}`);
  });
  return [...new Set(found)];
}

/** What a module is called once it is loaded: a dash in the name of its file is an underscore then. */
function moduleName(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.ko$/, '').replaceAll('-', '_');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
