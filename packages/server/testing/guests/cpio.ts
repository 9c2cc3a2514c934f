import { type Entry, FileTree } from './file-tree.ts';

const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;
const TRAILER = 'TRAILER!!!';

/** The form `newc`, which kernels take as initramfs (Documentation/driver-api/early-userspace/buffer-format.rst). */
export function cpioOf(tree: FileTree): Buffer {
  const members = [...tree.entries].map(([path, entry], index) => member(path, { ...facts(entry), ino: index + 1 }));
  return Buffer.concat([...members, member(TRAILER, { ino: 0, mode: 0, content: Buffer.alloc(0) })].flat());
}

function facts(entry: Entry): { readonly mode: number; readonly content: Buffer } {
  if (entry.kind === 'folder') return { mode: S_IFDIR | 0o755, content: Buffer.alloc(0) };
  if (entry.kind === 'link') return { mode: S_IFLNK | 0o777, content: Buffer.from(entry.to) };
  return { mode: S_IFREG | entry.mode, content: Buffer.from(entry.content) };
}

function member(path: string, { ino, mode, content }: { ino: number; mode: number; content: Buffer }): Buffer[] {
  const name = Buffer.from(`${path}\0`);
  const owner = [0, 0];
  const [links, time, device, special, sum] = [1, 0, [0, 0], [0, 0], 0];
  const fields = [ino, mode, ...owner, links, time, content.length, ...device, ...special, name.length, sum];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return [aligned(Buffer.concat([header, name])), aligned(content)];
}

function aligned(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
