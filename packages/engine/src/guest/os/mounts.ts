import type { Bytes } from '../../base/bytes.ts';
import type { Filesystem, Found } from '../filesystem/filesystem.ts';

export interface Mount {
  readonly at: string;
  readonly files: Filesystem;
  /** What is found there is called as if it lay at the root: the path is another name of it. */
  readonly isRoot?: boolean;
}

/**
 * The filesystems of a system as it mounts them. A link is followed within its own filesystem; an absolute one out of a
 * mounted filesystem is not.
 */
export class Mounts implements Filesystem {
  readonly #root: Filesystem;
  /** Longest path first. */
  readonly #mounted: readonly Mount[];

  constructor(root: Filesystem, mounted: readonly Mount[]) {
    this.#root = root;
    this.#mounted = mounted.toSorted((a, b) => b.at.length - a.at.length);
  }

  async lookup(path: string): Promise<Found | undefined> {
    const { files, rest, at } = this.#place(path);
    const found = await files.lookup(rest);
    return found && { ...found, path: `${at}${found.path}` };
  }

  async list(path: string): Promise<readonly string[]> {
    const { files, rest } = this.#place(path);
    return await files.list(rest);
  }

  async read(path: string, limit: number): Promise<Uint8Array | undefined> {
    const { files, rest } = this.#place(path);
    return await files.read(rest, limit);
  }

  async open(path: string): Promise<Bytes | undefined> {
    const { files, rest } = this.#place(path);
    return await files.open(rest);
  }

  #place(path: string): { readonly files: Filesystem; readonly rest: string; readonly at: string } {
    const mount = this.#mounted.find(({ at }) => path === at || path.startsWith(`${at}/`));
    return mount
      ? { files: mount.files, rest: path.slice(mount.at.length) || '/', at: mount.isRoot ? '' : mount.at }
      : { files: this.#root, rest: path, at: '' };
  }
}
