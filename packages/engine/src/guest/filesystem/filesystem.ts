import type { Bytes } from '../../base/bytes.ts';

/**
 * The contract of filesystems: names and contents, read-only. Paths begin at the root, `/` stands between names, and
 * symbolic links are followed within the filesystem. All of it is bounded, whatever the filesystem says.
 */
export interface Filesystem {
  /** What lies there, links followed; undefined where nothing does. @throws GuestFault */
  lookup(path: string): Promise<Found | undefined>;
  /** The names in a directory, sorted; empty where there is none. @throws GuestFault */
  list(path: string): Promise<readonly string[]>;
  /** The whole content of a regular file; undefined where there is none. @throws GuestFault above `limit` bytes */
  read(path: string, limit: number): Promise<Uint8Array | undefined>;
  /** A regular file to be read by ranges; undefined where there is none. @throws GuestFault */
  open(path: string): Promise<Bytes | undefined>;
  /** Where a filesystem has several trees of files, of which it shows one (Btrfs). */
  readonly subvolumes?: Subvolumes | undefined;
}

export interface Subvolumes {
  /** The names of those that lie at the top. */
  list(): Promise<readonly string[]>;
  /** As the options `subvol=` (a path from the top) and `subvolid=` (whole) name it; undefined where there is none. */
  open(name: string): Promise<Filesystem | undefined>;
}

export type NodeKind = 'file' | 'directory' | 'symlink' | 'other';

export interface Found {
  /** Where it was found in the end, links resolved. */
  readonly path: string;
  readonly kind: NodeKind;
  readonly size: number;
}

/** What a format has to know; paths, links and limits are the same for all and stand in `walk.ts`. */
export interface Tree<Node extends TreeNode = TreeNode> {
  /** Whether `A` and `a` are one name. */
  readonly caseless: boolean;
  root(): Promise<Node>;
  /** The entries of a directory without `.` and `..`. May give what is no directory's an error. */
  entries(directory: Node): AsyncIterable<TreeEntry<Node>>;
  /** Fills `into` from the content of a file. The caller stays within its size. */
  read(file: Node, offset: number, into: Uint8Array): Promise<void>;
  /** Where a symbolic link leads to. */
  target(link: Node): Promise<string>;
}

export interface TreeNode {
  readonly kind: NodeKind;
  readonly size: number;
}

export interface TreeEntry<Node> {
  readonly name: string;
  open(): Promise<Node>;
}

export const NAME_LIMIT = 255 * 3;
export const LINK_TARGET_LIMIT = 4096;
