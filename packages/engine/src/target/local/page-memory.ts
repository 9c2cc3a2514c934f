import { KiB, MiB } from '../../base/align.ts';

/** Part of Node; its types come with the browser's, which are not loaded here. */
declare const WebAssembly: {
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

const WASM_PAGE = 64 * KiB;
const LENGTH = MiB;

/**
 * Buffers that begin at a page of memory, as O_DIRECT demands (open(2)): Node gives none, but the memory of WebAssembly
 * is mapped in pages. They are kept for reuse, because each reserves a large range of addresses.
 */
export class PageMemory {
  readonly #idle: Uint8Array[] = [];

  /** Lends a buffer of 1 MiB to `work`. */
  async lend<Result>(work: (buffer: Uint8Array) => Promise<Result>): Promise<Result> {
    const buffer = this.#idle.pop() ?? newBuffer();
    try {
      return await work(buffer);
    } finally {
      this.#idle.push(buffer);
    }
  }
}

function newBuffer(): Uint8Array {
  const pages = LENGTH / WASM_PAGE;
  return new Uint8Array(new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer);
}
