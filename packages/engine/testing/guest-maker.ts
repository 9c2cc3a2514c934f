import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { zstdCompressSync } from 'node:zlib';
import { dirname, join } from 'node:path';
import type { MakeFilesystem } from './filesystem-makers.ts';
import { initramfsWith } from './initramfs-maker.ts';
import { toolPath } from './tools.ts';

const MIB = 1024 * 1024;
export const ROOT_UUID = 'd15cfe11-0000-4000-8000-000000000001';
export const BOOT_UUID = 'd15cfe11-0000-4000-8000-000000000002';
export const KERNEL = '6.1.0-9-amd64';

/** Contents by path; `{ link }` is a symbolic link. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;

export interface DiskPart {
  /** As sfdisk names it. */
  readonly type: string;
  readonly size: number;
  readonly make?: MakeFilesystem;
  readonly files?: Files;
  /** In place of a filesystem. */
  readonly content?: Uint8Array;
}

export interface DiskPlan {
  /** `none`: the first part lies on the disk as it is. */
  readonly label: 'dos' | 'gpt' | 'none';
  readonly parts: readonly DiskPart[];
  readonly grub?: boolean;
}

/** Writes the files, makes each filesystem from them, and lays them on one disk. Gives the path of the image. */
export async function makeDisk(folder: string, name: string, plan: DiskPlan): Promise<string> {
  const disk = join(folder, `${name}.raw`);
  const total = plan.parts.reduce((sum, { size }) => sum + size, 0);
  writeFileSync(disk, '');
  truncateSync(disk, (total + (plan.label === 'none' ? 0 : 2)) * MIB);
  if (plan.label !== 'none') {
    let start = 1;
    const lines = plan.parts.map(({ type, size }, index) => {
      const line = `start=${start}MiB, size=${size}MiB, type=${type}${plan.label === 'dos' && index === 0 ? ', bootable' : ''}`;
      start += size;
      return line;
    });
    const script = `label: ${plan.label}\nlabel-id: ${plan.label === 'dos' ? '0xd15cfe11' : 'D15CFE11-0000-4000-8000-00000000000F'}\n${lines.join('\n')}\n`;
    execFileSync(toolPath('sfdisk') ?? 'sfdisk', ['-q', disk], { input: script });
  }
  const file = openSync(disk, 'r+');
  let at = plan.label === 'none' ? 0 : MIB;
  for (const [index, part] of plan.parts.entries()) {
    const content = part.content ?? (await filesystemOf(folder, `${name}-${index}`, part));
    writeSync(file, content, 0, content.length, at);
    at += part.size * MIB;
  }
  if (plan.grub) writeGrub(file);
  closeSync(file);
  return disk;
}

async function filesystemOf(folder: string, name: string, { make, files = {} }: DiskPart): Promise<Uint8Array> {
  if (!make) return new Uint8Array(0);
  const tree = join(folder, name);
  mkdirSync(tree);
  for (const [path, content] of Object.entries(files)) {
    const place = join(tree, path);
    mkdirSync(dirname(place), { recursive: true });
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, place);
    else writeFileSync(place, content);
  }
  const image = join(folder, `${name}.image`);
  await make(tree, image);
  const bytes = readFileSync(image);
  rmSync(image);
  return bytes;
}

/** The marks of GRUB in the first sector, and something where it finds its rest. */
function writeGrub(file: number): void {
  writeSync(file, Buffer.from('eb6390', 'hex'), 0, 3, 0);
  writeSync(file, Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]), 0, 8, 0x5c);
  writeSync(file, Buffer.from('GRUB \0Geom\0Hard Disk\0Read\0 Error'), 0, 30, 0x180);
  writeSync(file, Buffer.from('the rest of GRUB'), 0, 16, 512);
}

const VIRTIO = ['virtio', 'virtio_ring', 'virtio_pci', 'virtio_blk', 'virtio_scsi', 'sd_mod'];

export interface Flaws {
  readonly modules?: readonly string[];
  readonly root?: string;
  readonly fstab?: string;
  readonly console?: string;
  readonly more?: Files;
}

/** The files of a small Debian that starts anywhere, except for the flaws that are asked for. */
export function debianFiles(flaws: Flaws = {}): Files {
  const args = `root=${flaws.root ?? `UUID=${ROOT_UUID}`} ro ${flaws.console ?? 'console=tty0 console=ttyS0,115200'}`;
  const machine = Buffer.alloc(64);
  machine.write('\x7fELF\x02\x01\x01', 'latin1');
  machine.writeUInt16LE(0x3e, 18);
  return {
    'usr/lib/os-release':
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
    'etc/os-release': { link: '../usr/lib/os-release' },
    'etc/hostname': 'web-1\n',
    'etc/fstab': flaws.fstab ?? `# <file system>\nUUID=${ROOT_UUID} / ext4 errors=remount-ro 0 1\n`,
    'etc/network/interfaces': 'auto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet dhcp\n',
    'usr/bin/cloud-init': '#!/usr/bin/python3\n',
    'etc/cloud/cloud.cfg': 'users:\n - default\n',
    'etc/cloud/cloud.cfg.d/90_dpkg.cfg': 'datasource_list: [ NoCloud, ConfigDrive, OpenStack, None ]\n',
    'usr/bin/sh': machine,
    'usr/sbin/init': machine,
    bin: { link: 'usr/bin' },
    sbin: { link: 'usr/sbin' },
    lib: { link: 'usr/lib' },
    [`usr/lib/modules/${KERNEL}/modules.builtin`]: 'kernel/fs/ext4/ext4.ko\n',
    [`usr/lib/modules/${KERNEL}/modules.dep`]: ['block/virtio_blk', 'net/virtio_net', 'nvme/nvme']
      .map((name) => `kernel/drivers/${name}.ko:\n`)
      .join(''),
    [`boot/vmlinuz-${KERNEL}`]: 'a kernel',
    [`boot/initrd.img-${KERNEL}`]: zstdCompressSync(initramfsWith(flaws.modules ?? VIRTIO, KERNEL)),
    'boot/grub/grub.cfg': grubConfig('/boot', args),
    ...flaws.more,
  };
}

/** As grub-mkconfig writes it. */
export function grubConfig(folder: string, args: string): string {
  const entry = (title: string, id: string) => `menuentry '${title}' --class debian $menuentry_id_option '${id}' {
	load_video
	insmod gzio
	if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
	echo	'Loading Linux ${KERNEL} ...'
	linux	${folder}/vmlinuz-${KERNEL} ${args}
	initrd	${folder}/initrd.img-${KERNEL}
}
`;
  return `if [ -s $prefix/grubenv ]; then
  load_env
fi
if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
else
   set default="0"
fi
${entry('Debian GNU/Linux', 'gnulinux-simple')}submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'gnulinux-advanced' {
${entry(`Debian GNU/Linux, with Linux ${KERNEL} (recovery mode)`, 'gnulinux-recovery').replace('ro ', 'ro single ')}}
`;
}
