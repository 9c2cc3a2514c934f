import { Inflater } from './inflater.ts';
import type { Inflating } from './inflating.ts';
import { nodeInflater } from './node-inflater.ts';

/** Begins a raw deflate stream: by our own decoder, or by node:zlib where that does not start. */
export function openInflating(): Inflating {
  return Inflater.start() ?? nodeInflater();
}
