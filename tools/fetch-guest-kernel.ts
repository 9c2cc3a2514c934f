import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasTool, run } from '../packages/engine/testing/tools.ts';
import { findGuestKernel, guestKernelFolder } from '../packages/server/testing/guests/guest-kernel.ts';

/**
 * `npm run guest-kernel`: brings the kernel that the guests of tests and of the demo run, Debian's newest one
 * for clouds, into a cache folder. It is unpacked there and never installed. Needs Debian with a list of packages
 * (`apt-get update`) and kmod, but not root.
 */
const folder = guestKernelFolder();
const found = findGuestKernel(folder);
if (found) {
  console.log(`${folder} has the kernel ${found.version} already`);
} else {
  await fetchInto(folder);
  console.log(`${folder} has the kernel ${findGuestKernel(folder)?.version}`);
}

async function fetchInto(target: string): Promise<void> {
  const absent = ['apt-get', 'apt-cache', 'dpkg-deb', 'depmod', 'find', 'xz'].filter((name) => !hasTool(name));
  if (absent.length > 0) throw new Error(`this needs Debian with kmod and xz-utils; not here: ${absent.join(', ')}`);
  await mkdir(dirname(target), { recursive: true });
  const work = await mkdtemp(join(dirname(target), 'fetching-'));
  try {
    await run('apt-get', ['-q', '-o', 'APT::Sandbox::User=', 'download', await newestKernel()], work);
    const [archive = ''] = await readdir(work);
    const unpacked = join(work, 'unpacked');
    await run('dpkg-deb', ['-x', archive, unpacked], work);
    await arrange(unpacked);
    await rm(target, { recursive: true, force: true });
    await rename(unpacked, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The empty package `linux-image-cloud-amd64` depends on the newest one. */
async function newestKernel(): Promise<string> {
  const said = await run('apt-cache', ['depends', '--important', 'linux-image-cloud-amd64']);
  const name = /Depends: (linux-image-\S+)/.exec(said)?.[1];
  if (name === undefined) throw new Error(`apt-cache names no kernel; is there a list of packages? It said: ${said}`);
  return name;
}

/** As `findGuestKernel` wants it: modules are in `lib/modules` also where Debian has them below `usr`. */
async function arrange(unpacked: string): Promise<void> {
  if (!existsSync(join(unpacked, 'lib'))) await rename(join(unpacked, 'usr/lib'), join(unpacked, 'lib'));
  const [version = ''] = await readdir(join(unpacked, 'lib/modules'));
  await rename(join(unpacked, 'boot', `vmlinuz-${version}`), join(unpacked, 'vmlinuz'));
  for (const name of ['boot', 'usr']) await rm(join(unpacked, name), { recursive: true, force: true });
  // Some are packed, which the busybox of a guest may not be able to read.
  const packed = ['-name', '*.ko.xz', '-exec', 'xz', '-d', '{}', '+'];
  await run('find', [join(unpacked, 'lib/modules'), ...packed]);
  await run('depmod', ['-b', unpacked, version]);
}
