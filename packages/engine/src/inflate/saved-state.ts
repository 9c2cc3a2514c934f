import { crc32 } from 'node:zlib';
import { InflateError } from './refusal.ts';

/**
 * The saved form of a decoder, little-endian:
 *
 *     0   4  "DfIn"
 *     4   2  version
 *     6   2  size of the state
 *     8   4  size of the window: the last 32 KiB of the content, or all of it where there is less
 *     12  8  packed bytes used
 *     20  8  bytes of content
 *     28     state (assembly/state.ts, then the code lengths), window
 *         4  CRC-32 of everything before it
 */
export interface Saved {
  readonly consumed: number;
  readonly produced: number;
  readonly state: Uint8Array;
  readonly window: Uint8Array;
}

const MAGIC = 0x6e496644;
/** Goes up with every change of the form and of what stands in the state. */
const VERSION = 1;
const HEAD = 28;
const TAIL = 4;

export function writeSaved({ consumed, produced, state, window }: Saved): Uint8Array {
  const saved = new Uint8Array(HEAD + state.length + window.length + TAIL);
  const view = viewOf(saved);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(6, state.length, true);
  view.setUint32(8, window.length, true);
  view.setBigUint64(12, BigInt(consumed), true);
  view.setBigUint64(20, BigInt(produced), true);
  saved.set(state, HEAD);
  saved.set(window, HEAD + state.length);
  view.setUint32(saved.length - TAIL, crc32(saved.subarray(0, -TAIL)), true);
  return saved;
}

/** Views of `saved`. What the state says is the decoder's to check. @throws InflateError `saved-state` */
export function readSaved(saved: Uint8Array, sizes: { readonly stateSize: number; readonly window: number }): Saved {
  const view = viewOf(saved);
  if (saved.length < HEAD + TAIL || view.getUint32(0, true) !== MAGIC) throw unusable('is none');
  const version = view.getUint16(4, true);
  if (version !== VERSION) throw unusable(`has version ${version}; ${VERSION} is known`);
  if (crc32(saved.subarray(0, -TAIL)) !== view.getUint32(saved.length - TAIL, true)) throw unusable('is damaged');
  const stateSize = view.getUint16(6, true);
  const window = view.getUint32(8, true);
  const [consumed, produced] = [count(view, 12), count(view, 20)];
  if (stateSize !== sizes.stateSize || saved.length !== HEAD + stateSize + window + TAIL) {
    throw unusable(`has ${saved.length} bytes, ${stateSize} of state and ${window} of content among them`);
  }
  if (window !== Math.min(produced, sizes.window)) {
    throw unusable(`keeps ${window} bytes of content where ${produced} came before`);
  }
  const state = saved.subarray(HEAD, HEAD + stateSize);
  return { consumed, produced, state, window: saved.subarray(HEAD + stateSize, -TAIL) };
}

function count(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw unusable(`counts ${value} bytes`);
  return Number(value);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function unusable(why: string): InflateError {
  return new InflateError('saved-state', `the saved state of a decoder ${why}`);
}
