import { readFileSync } from 'node:fs';

/** What inflate.wasm gives (assembly/index.ts). Addresses are places in its memory. */
export interface Decoder {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** Where the host's part of the memory begins; everything before it is the decoder's own. */
  readonly hostAt: { readonly value: number };
  /** Where the state to be saved lies, and its size. */
  readonly stateAt: { readonly value: number };
  readonly savedSize: { readonly value: number };
  /** Makes ready for a new stream. */
  reset(): void;
  /** Goes on from a state that was put in place, with so many bytes of output before it; 0, or why not (refusal.ts). */
  accept(window: number): number;
  /** Decodes until a region is used up, the final block ended or the stream is refused: refusal.ts knows the status. */
  run(input: number, inputEnd: number, windowStart: number, output: number, outputEnd: number): number;
  /** How far the last run came. */
  inputPlace(): number;
  outputPlace(): number;
  adler32(at: number, end: number): number;
}

const PAGE = 64 * 1024;

/** As much of the global as is used here: Node's types leave it to those of browsers. Absent where it is switched off. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => CompiledModule;
  readonly Instance: new (module: CompiledModule) => { readonly exports: object };
}
type CompiledModule = { readonly compiled: never };
const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyApi };

let compiled: CompiledModule | undefined;
let cannotStart = false;

/**
 * A decoder with its own memory, undefined where WebAssembly does not start (switched off, forbidden, without SIMD): the
 * callers have node:zlib then. The module is compiled once in each thread.
 */
export function startDecoder(): Decoder | undefined {
  if (cannotStart || !wasm) return undefined;
  try {
    compiled ??= new wasm.Module(readFileSync(new URL('inflate.wasm', import.meta.url)));
    return new wasm.Instance(compiled).exports as Decoder;
  } catch {
    // No memory for one more decoder is no reason to give the compiled ones up.
    cannotStart = compiled === undefined;
    return undefined;
  }
}

/** Whether the decoder's memory could be made large enough. */
export function grown(decoder: Decoder, bytes: number): boolean {
  const missing = bytes - decoder.memory.buffer.byteLength;
  if (missing <= 0) return true;
  try {
    decoder.memory.grow(Math.ceil(missing / PAGE));
    return true;
  } catch {
    return false;
  }
}
