import { KiB } from './align.ts';

/** Part of Node; its types come with the browser's, which are not loaded here. Absent where it is switched off. */
interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}
interface MemoryApi {
  readonly Memory: new (pages: { initial: number; maximum: number; shared: true }) => SharedMemory;
}
const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly?: MemoryApi };

const WASM_PAGE = 64 * KiB;
/** What O_DIRECT demands of an address at most: logical blocks of disks have 512 to 4096 bytes. */
const BLOCK = 4 * KiB;
/** How many buffers one pool gives in aligned memory: its addresses are reserved at once. More come from elsewhere. */
const ALIGNED_LIMIT = 64;

/** Memory that begins at a page. */
const aligned = new WeakSet<object>();

/** Whether the system may move these bytes past its page cache (O_DIRECT in open(2)). */
export function isPageAligned(bytes: Uint8Array): boolean {
  return bytes.byteOffset % BLOCK === 0 && aligned.has(bytes.buffer);
}

/**
 * Buffers of one size that go round: a copy makes no garbage for the collector. They lie in memory that threads share and
 * begin at a page: Node gives no such memory, but that of WebAssembly is mapped in pages. The content is whatever was
 * there.
 */
export class Buffers {
  readonly size: number;
  readonly #free: Uint8Array[] = [];
  #memory: SharedMemory | undefined;

  /** @param size in bytes; only what is touched of a buffer takes memory */
  constructor(size: number) {
    this.size = size;
  }

  take(): Uint8Array {
    return this.#free.pop() ?? this.#grown() ?? sharedBuffer(this.size);
  }

  give(buffer: Uint8Array): void {
    this.#free.push(buffer);
  }

  /** Lends a buffer to `work`. */
  async lend<Result>(work: (buffer: Uint8Array) => Promise<Result>): Promise<Result> {
    const buffer = this.take();
    try {
      return await work(buffer);
    } finally {
      this.give(buffer);
    }
  }

  #grown(): Uint8Array | undefined {
    const pages = Math.ceil(this.size / WASM_PAGE);
    try {
      this.#memory ??= wasm && new wasm.Memory({ initial: 0, maximum: pages * ALIGNED_LIMIT, shared: true });
      if (!this.#memory) return undefined;
      const offset = this.#memory.grow(pages) * WASM_PAGE;
      // Each growth makes a new object for the same memory; views of the ones before stay good.
      const { buffer } = this.#memory;
      aligned.add(buffer);
      return new Uint8Array(buffer, offset, this.size);
    } catch {
      return undefined;
    }
  }
}

/** Shared memory at any address. */
export function sharedBuffer(size: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(size));
}
