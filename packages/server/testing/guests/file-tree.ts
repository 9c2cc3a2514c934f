import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Entry =
  | { readonly kind: 'folder' }
  | { readonly kind: 'file'; readonly content: Uint8Array; readonly mode: number }
  | { readonly kind: 'link'; readonly to: string };

/** Folders, files and symbolic links of a guest, before they are in a file system. A folder comes before what it holds. */
export class FileTree {
  readonly #entries = new Map<string, Entry>();

  /** By path from the top, without a slash in front. */
  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** Of the files, in bytes. */
  get size(): number {
    return this.#entries.values().reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.content.length : 0), 0);
  }

  folder(path: string): void {
    const parts = path.split('/');
    for (const [index] of parts.entries()) {
      const above = parts.slice(0, index + 1).join('/');
      if (!this.#entries.has(above)) this.#entries.set(above, { kind: 'folder' });
    }
  }

  file(path: string, content: Uint8Array | string, mode = 0o644): void {
    this.#parentOf(path);
    this.#entries.set(path, { kind: 'file', content: Buffer.from(content), mode });
  }

  link(path: string, to: string): void {
    this.#parentOf(path);
    this.#entries.set(path, { kind: 'link', to });
  }

  /** Puts another tree below a folder. */
  graft(below: string, tree: FileTree): void {
    this.folder(below);
    for (const [path, entry] of tree.entries) this.#entries.set(`${below}/${path}`, entry);
  }

  async writeTo(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const [name, entry] of this.#entries) {
      const path = join(folder, name);
      if (entry.kind === 'folder') await mkdir(path);
      else if (entry.kind === 'link') await symlink(entry.to, path);
      else {
        await writeFile(path, entry.content);
        await chmod(path, entry.mode);
      }
    }
  }

  #parentOf(path: string): void {
    const end = path.lastIndexOf('/');
    if (end > 0) this.folder(path.slice(0, end));
  }
}
