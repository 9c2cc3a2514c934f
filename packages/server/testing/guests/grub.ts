import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../engine/testing/tools.ts';
import { GRUB_BIOS } from './guest-needs.ts';

const SECTOR = 512;
/** Of boot.img: what lies behind is the disk's id and the partitions. */
const BOOT_CODE = 440;
const SHARED = ['part_msdos', 'part_gpt', 'ext2', 'xfs', 'fat', 'search', 'search_fs_uuid'];
const LATER = ['normal', 'configfile', 'linux', 'echo', 'serial', 'terminal', 'test'];

/** Where GRUB finds its `grub.cfg`: in which file system, and in which folder of that. */
export type GrubHome = { readonly fileSystem: string; readonly folder: string };

export function grubConfig(how: {
  readonly kernel: string;
  readonly initrd: string;
  /** The file system that both lie in. */
  readonly fileSystem: string;
  readonly line: string;
  readonly serial: boolean;
}): string {
  const serial = ['serial --unit=0 --speed=115200', 'terminal_input serial console', 'terminal_output serial console'];
  return [
    'set default=0',
    'set timeout=0',
    ...(how.serial ? serial : []),
    "menuentry 'Diskferry mini guest' {",
    `\tsearch --no-floppy --fs-uuid --set=root ${how.fileSystem}`,
    `\tlinux\t${how.kernel} ${how.line}`,
    `\tinitrd\t${how.initrd}`,
    '}',
    '',
  ].join('\n');
}

/** GRUB for a BIOS: its first sector in the MBR, the rest between that and the first partition. */
export async function installGrubBios(disk: string, home: GrubHome, work: string): Promise<void> {
  const core = await readFile(await grubImage({ form: 'i386-pc', extra: ['biosdisk'], home, work }));
  const gap = 2 ** 20 - SECTOR;
  if (core.length > gap) throw new Error(`GRUB has ${core.length} bytes; ${gap} are free before the first partition`);
  const boot = (await readFile(join(GRUB_BIOS, 'boot.img'))).subarray(0, BOOT_CODE);
  await using file = await open(disk, 'r+');
  await file.write(boot, 0, boot.length, 0);
  await file.write(core, 0, core.length, SECTOR);
}

/** GRUB as a program of UEFI. @returns its path */
export async function grubEfi(home: GrubHome, work: string): Promise<string> {
  return await grubImage({ form: 'x86_64-efi', extra: [], home, work });
}

async function grubImage(how: { form: string; extra: readonly string[]; home: GrubHome; work: string }) {
  const { fileSystem, folder } = how.home;
  const early = join(how.work, 'early.cfg');
  const image = join(how.work, `${how.form}.img`);
  await writeFile(early, `search --no-floppy --fs-uuid --set=root ${fileSystem}\nset prefix=($root)${folder}\n`);
  const modules = [...how.extra, ...SHARED, ...LATER];
  await run('grub-mkimage', ['-O', how.form, '-p', folder, '-c', early, '-o', image, ...modules]);
  return image;
}
