import { createHash } from 'node:crypto';
import { link, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasTool, run } from '../../packages/engine/testing/tools.ts';

/** One way in which a disk reaches people: who makes the file, and who says what is in it. */
export interface Wrapping {
  readonly title: string;
  /** Of the file that is made. */
  readonly name: string;
  /** What Diskferry must call the format, and the packages around it. */
  readonly format: string;
  readonly packages: readonly string[];
  readonly tools: readonly string[];
  /** Makes `name` in the folder from the raw disk that lies there as `disk.raw`. */
  make(folder: string): Promise<void>;
  /** The disk as the tools that people use today read it. */
  unwrap(folder: string): Promise<string>;
}

export function toolsOf(wrapping: Wrapping): string {
  return wrapping.tools.length > 0 ? ` [needs ${wrapping.tools.join(', ')}]` : '';
}

export function hasToolsOf(wrapping: Wrapping): boolean {
  return wrapping.tools.every((tool) => hasTool(tool));
}

export interface ImageShape {
  readonly qemu: string;
  readonly options?: readonly string[];
  readonly compressed?: boolean;
}

/** An image as qemu-img writes it. */
export function image(title: string, name: string, shape: ImageShape & { readonly format: string }): Wrapping {
  return {
    title,
    name,
    format: shape.format,
    packages: [],
    tools: ['qemu-img'],
    make: (folder) => convert(folder, name, shape),
    unwrap: async (folder) => {
      const raw = `${name}.oracle`;
      await run('qemu-img', ['convert', '-f', shape.qemu, '-O', 'raw', name, raw], folder);
      return join(folder, raw);
    },
  };
}

async function convert(folder: string, name: string, shape: ImageShape): Promise<void> {
  const options = shape.options ? ['-o', shape.options.join(',')] : [];
  const compress = shape.compressed ? ['-c'] : [];
  await run('qemu-img', ['convert', '-f', 'raw', '-O', shape.qemu, ...options, ...compress, 'disk.raw', name], folder);
}

export const RAW: Wrapping = {
  title: 'a raw disk',
  name: 'plain.raw',
  format: 'raw',
  packages: [],
  tools: [],
  make: (folder) => link(join(folder, 'disk.raw'), join(folder, 'plain.raw')),
  unwrap: async (folder) => join(folder, 'disk.raw'),
};

export interface Packed {
  readonly name: string;
  readonly packages: readonly string[];
  readonly tools: readonly string[];
  /** Shell lines that pack what the wrapped image is called, `$in`, into `$out`, and unpack `$out` into `$back`. */
  readonly pack: string;
  readonly unpack: string;
}

/** A package around another wrapping, made and opened by the shell. */
export function packed(title: string, inner: Wrapping, how: Packed): Wrapping {
  const lines = (line: string) =>
    line.replaceAll('$in', inner.name).replaceAll('$out', how.name).replaceAll('$back', `${how.name}.back`);
  return {
    title,
    name: how.name,
    format: inner.format,
    packages: how.packages,
    tools: [...how.tools, ...inner.tools],
    make: async (folder) => {
      if (!(await isThere(join(folder, inner.name)))) await inner.make(folder);
      await run('bash', ['-euc', lines(how.pack)], folder);
    },
    unwrap: async (folder) => {
      await run('bash', ['-euc', lines(how.unpack)], folder);
      const back = join(folder, `${how.name}.back`);
      if (inner.format === 'raw') return back;
      // qemu-img knows files by the name that the inner wrapping gives them.
      await rename(back, join(folder, inner.name));
      return inner.unwrap(folder);
    },
  };
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** An OVA as VMware exports it: descriptor, manifest with SHA-256, and the disk behind them. */
export function ova(inner: Wrapping): Wrapping {
  const files = 'machine.ovf machine.mf $in';
  const how: Packed = {
    name: 'machine.ova',
    packages: ['ova'],
    tools: ['tar'],
    pack: `tar --format=ustar -cf $out ${files}`,
    unpack: 'tar -xOf $out $in > $back',
  };
  const around = packed('an OVA with a manifest', inner, how);
  return {
    ...around,
    make: async (folder) => {
      await inner.make(folder);
      await writeAppliance(folder, [inner.name]);
      await around.make(folder);
    },
  };
}

/** Writes `machine.ovf` and `machine.mf` for disks that lie in the folder. */
export async function writeAppliance(folder: string, disks: readonly string[]): Promise<void> {
  const sizes = await Promise.all(disks.map(async (name) => (await stat(join(folder, name))).size));
  const references = disks.map((name, at) => `<File ovf:href="${name}" ovf:id="file${at}" ovf:size="${sizes[at]}"/>`);
  const kind = 'http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized';
  const entries = disks.map(
    (_, at) =>
      `<Disk ovf:diskId="disk${at}" ovf:fileRef="file${at}" ovf:capacity="73" ovf:capacityAllocationUnits="byte * 2^20" ovf:format="${kind}"/>`,
  );
  const ovf = `<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
  <References>${references.join('')}</References>
  <DiskSection><Info>Disks</Info>${entries.join('')}</DiskSection>
</Envelope>
`;
  await writeFile(join(folder, 'machine.ovf'), ovf);
  const names = ['machine.ovf', ...disks];
  const lines = await Promise.all(names.map(async (name) => `SHA256(${name})= ${await sha256(join(folder, name))}\n`));
  await writeFile(join(folder, 'machine.mf'), lines.join(''));
}

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
