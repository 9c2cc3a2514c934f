import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toolPath } from '../../../../engine/testing/tools.ts';
import { fillExt4 } from '../file-systems.ts';
import { FileTree } from '../file-tree.ts';
import { GRUB_BIOS } from '../guest-needs.ts';
import { guestId } from '../mini-guest.ts';
import { debianMirror, type Mirror } from './mirror.ts';

/** What every Debian of a test begins with: its packages are fetched and set up once. */
export interface DebianBase {
  /** The root as an ext4 file system of its own. It lies in `folder` and is only read. */
  readonly root: string;
  readonly rootSize: number;
  /** What lies in /boot: the kernel, two initramfs, GRUB with its configuration. */
  readonly boot: FileTree;
  readonly kernel: string;
  /** A file of what Debian's own tools say of it: see set-up.sh. */
  told(name: string): Promise<string>;
}

/** Its file systems have these names on every disk. */
export const DEBIAN = 'debian';
export const USUAL_INITRAMFS = (kernel: string) => `initrd.img-${kernel}`;
export const IDE_INITRAMFS = 'initrd-ide.img';

const MiB = 2 ** 20;
const LONGEST_MS = 540_000;
const PACKAGES = ['linux-image-cloud-amd64', 'systemd-sysv', 'udev', 'initramfs-tools', 'zstd', 'grub2-common'];
const MORE = ['ifupdown', 'iproute2', 'lvm2', 'cloud-init'];
/** Nobody reads them there. */
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*'];
const SET_UP = join(import.meta.dirname, 'set-up.sh');

/** Makes it in `folder`, out of packages that are fetched from the mirror of apt: two minutes. One need not be root. */
export async function makeDebianBase(folder: string): Promise<DebianBase> {
  const mirror = await debianMirror();
  if (mirror === undefined) throw new Error('there is no mirror of Debian that apt knows and that answers');
  await mkdir(folder, { recursive: true });
  const archive = join(folder, 'root.tar');
  await bootstrap(mirror, { folder, archive });
  const root = join(folder, 'root.ext4');
  const rootSize = Math.ceil((1.2 * (await stat(archive)).size) / MiB + 64) * MiB;
  const place = { disk: root, offset: 0, size: rootSize, id: guestId(DEBIAN, 'root') };
  await fillExt4(place, { archive, work: join(folder, 'root') });
  await rm(archive);
  const names = await readdir(join(folder, 'boot'));
  const kernel = names.find((name) => name.startsWith('vmlinuz-'))?.slice('vmlinuz-'.length) ?? '';
  const told = (name: string) => readFile(join(folder, 'told', name), 'utf8');
  return { root, rootSize, boot: await bootTree(join(folder, 'boot')), kernel, told };
}

async function bootstrap({ codename, address }: Mirror, to: { folder: string; archive: string }): Promise<void> {
  const ids = `${guestId(DEBIAN, 'root')} ${guestId(DEBIAN, 'boot')}`;
  const args = [
    '--variant=minbase',
    `--include=${[...PACKAGES, ...MORE].join(',')}`,
    '--aptopt=Acquire::Languages "none"',
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--customize-hook=copy-in '${SET_UP}' /tmp`,
    inside(`sh /tmp/set-up.sh ${ids}`),
    `--customize-hook=copy-out /boot /told '${to.folder}'`,
    // Nothing else in /tmp: mmdebstrap has there what tells apt that it works on the new system and not on this one.
    inside('rm -r /told /boot/* /tmp/set-up.sh'),
  ];
  const program = toolPath('mmdebstrap') ?? 'mmdebstrap';
  await promisify(execFile)(program, [...args, codename, to.archive, address], { timeout: LONGEST_MS });
}

/** What is done in the new system. */
function inside(script: string): string {
  return `--customize-hook=chroot "$1" sh -c '${script}'`;
}

/** With the modules of GRUB that grub-install puts there: its configuration asks for some of them. */
async function bootTree(folder: string): Promise<FileTree> {
  const tree = new FileTree();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) tree.file(path.slice(folder.length + 1), await readFile(path));
  }
  for (const name of await readdir(GRUB_BIOS)) {
    if (/\.(mod|lst)$/.test(name)) tree.file(`grub/i386-pc/${name}`, await readFile(join(GRUB_BIOS, name)));
  }
  return tree;
}
