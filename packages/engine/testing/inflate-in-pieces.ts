import type { Inflating } from '../src/inflate/inflating.ts';

/** How a stream is cut: sizes of pushes and limits of pulls, both taken in turn, over and over. */
export interface Pieces {
  readonly pushes: readonly number[];
  readonly pulls?: readonly number[];
}

export interface Inflated {
  readonly content: Uint8Array;
  /** Packed bytes up to the end of the stream. */
  readonly consumed: number;
}

/**
 * Decodes a stream in pieces, with `between` after every pull: it may give another decoder to go on with
 * (one that has `consumed` as much). Every chunk is copied at once, and the pushed bytes are spoiled when they are
 * used up, so that a decoder that keeps to the contract alone gives the content.
 */
export async function inflateInPieces(
  begun: Inflating,
  packed: Uint8Array,
  { pushes, pulls = [1 << 20] }: Pieces,
  between: (inflating: Inflating) => Inflating = (inflating) => inflating,
): Promise<Inflated> {
  let inflating = begun;
  const chunks: Uint8Array[] = [];
  let pushed = new Uint8Array(0);
  let given = 0;
  try {
    for (let turn = 0, pushCount = 0; ; turn++) {
      const chunk = await inflating.pull(pulls[turn % pulls.length]);
      if (chunk) chunks.push(new Uint8Array(chunk));
      const next = between(inflating);
      if (next !== inflating) given = next.consumed;
      inflating = next;
      if (chunk) continue;
      if (inflating.finished) break;
      if (given === packed.length) await inflating.end();
      else {
        pushed.fill(0xee);
        // Not slice(): of a Node Buffer that is the same memory.
        pushed = new Uint8Array(packed.subarray(given, given + (pushes[pushCount++ % pushes.length] ?? 1)));
        given += pushed.length;
        inflating.push(pushed);
      }
    }
    const [consumed, unused] = [inflating.consumed, inflating.unused];
    if (given - unused !== consumed) throw new Error(`${given} given, ${unused} unused, ${consumed} consumed`);
    return { content: new Uint8Array(Buffer.concat(chunks)), consumed };
  } finally {
    inflating[Symbol.dispose]();
  }
}
