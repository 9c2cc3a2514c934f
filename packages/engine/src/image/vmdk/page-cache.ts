/** Pages of tables that were read, in bounded memory; the least recently used go first. Shared by all extents of a disk. */
export class PageCache<Page extends { readonly bytes: number }> {
  readonly #limit: number;
  readonly #pages = new Map<string, Page>();
  #held = 0;

  /** @param limit in bytes; the page that was added last stays, whatever its size */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Page | undefined {
    const page = this.#pages.get(key);
    if (!page) return undefined;
    this.#pages.delete(key);
    this.#pages.set(key, page);
    return page;
  }

  add(key: string, page: Page): void {
    this.#remove(key);
    this.#pages.set(key, page);
    this.#held += page.bytes;
    for (const oldest of this.#pages.keys()) {
      if (this.#held <= this.#limit || oldest === key) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    this.#held -= this.#pages.get(key)?.bytes ?? 0;
    this.#pages.delete(key);
  }
}
