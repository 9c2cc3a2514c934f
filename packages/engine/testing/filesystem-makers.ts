import { readdirSync, readlinkSync, truncateSync, writeFileSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './tools.ts';

/** Filesystems made by their own tools from a folder, without root and without mounting. Each gives the path of its image. */
export type MakeFilesystem = (folder: string, image: string) => Promise<void>;

function blank(image: string, mebibytes: number): void {
  writeFileSync(image, '');
  truncateSync(image, mebibytes * 1024 * 1024);
}

/** @param flags of mke2fs: `-t`, `-b`, `-O` … */
export function madeByMke2fs(flags: readonly string[], mebibytes = 32): MakeFilesystem {
  return async (folder, image) => {
    blank(image, mebibytes);
    await run('mke2fs', ['-q', '-F', '-d', folder, ...flags, image]);
  };
}

export function madeByMkfsXfs(flags: readonly string[], mebibytes = 64): MakeFilesystem {
  return async (folder, image) => {
    blank(image, mebibytes);
    const prototype = `${image}.prototype`;
    writeFileSync(prototype, `/dev/null\n0 0\nd--755 0 0\n${prototypeOf(folder)}$\n`);
    await run('mkfs.xfs', ['-q', '-f', '--unsupported', ...flags, '-p', prototype, image]);
  };
}

/** The language of mkfs.xfs -p (its manual). It knows no blanks in names. */
function prototypeOf(folder: string): string {
  return readdirSync(folder)
    .map((name) => {
      const path = join(folder, name);
      const stat = lstatSync(path);
      if (stat.isDirectory()) return `${name} d--755 0 0\n${prototypeOf(path)}$\n`;
      return stat.isSymbolicLink() ? `${name} l--777 0 0 ${readlinkSync(path)}\n` : `${name} ---644 0 0 ${path}\n`;
    })
    .join('');
}

export function madeByMkfsFat(flags: readonly string[], mebibytes = 16): MakeFilesystem {
  return async (folder, image) => {
    blank(image, mebibytes);
    await run('mkfs.fat', [...flags, image]);
    const names = readdirSync(folder).map((name) => join(folder, name));
    if (names.length > 0) await run('mcopy', ['-s', '-Q', '-i', image, ...names, '::/']);
  };
}

/** wimlib writes into a volume of NTFS without mounting it. */
export function madeByWimapply(flags: readonly string[], mebibytes = 48): MakeFilesystem {
  return async (folder, image) => {
    blank(image, mebibytes);
    await run('mkfs.ntfs', ['-q', '-F', '-f', ...flags, image]);
    // Its usual configuration leaves out hiberfil.sys.
    writeFileSync(`${image}.ini`, '[ExclusionList]\n');
    await run('wimcapture', [folder, `${image}.wim`, '--compress=none', '--no-acls', `--config=${image}.ini`]);
    await run('wimapply', [`${image}.wim`, '1', image]);
  };
}

export function madeByMkfsBtrfs(flags: readonly string[] = [], mebibytes = 128): MakeFilesystem {
  return async (folder, image) => {
    blank(image, mebibytes);
    await run('mkfs.btrfs', ['-q', '-f', '--rootdir', folder, ...flags, image]);
  };
}
