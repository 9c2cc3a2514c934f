import { expect, it } from 'vitest';
import type { ByteStream } from '../src/base/bytes.ts';
import { DiskferryError } from '../src/base/errors.ts';
import type { Mark, MarkedStream } from '../src/unpack/package.ts';
import { sealedMark } from '../src/unpack/sealed-mark.ts';
import { streamOf } from './memory-bytes.ts';
import { seededRandom } from './seeded.ts';

/** A package that gives marks, opened from its start or from one of them. */
export interface MarkScene {
  readonly content: Uint8Array;
  /** How many marks it must give at least. */
  readonly marks: number;
  open(from: Mark | undefined): MarkedStream;
}

/** A packed stream as a decoder opens it at an offset, in chunks of several sizes. */
export function openerOf(packed: Uint8Array): (offset: number) => Promise<ByteStream> {
  return async (offset) => streamOf(packed.subarray(offset), [65536, 4093, 1]);
}

const FORGERIES = 200;

/** What everything that gives marks must do. */
export function markConformance(make: () => Promise<MarkScene>): void {
  it('goes on from its marks with exactly the rest, and from the marks that it gives then', async () => {
    const scene = await make();
    const marks = await marksOf(scene, undefined);
    expect(marks.length).toBeGreaterThanOrEqual(scene.marks);
    for (const mark of some(marks, 10)) {
      for (const later of some(await marksOf(scene, mark), 3)) await marksOf(scene, later);
    }
  });

  it('refuses a mark of which any byte or place was changed', async () => {
    const scene = await make();
    const mark = some(await marksOf(scene, undefined), 3)[1] as Mark;
    const { packedOffset, contentOffset, state } = mark;
    const changed: readonly Partial<Mark>[] = [
      ...[-1, 1, 4, 0.5, NaN, Infinity].map((by) => ({ packedOffset: packedOffset + by })),
      ...[-1, 1, 2 ** 52, 0.5, -Infinity].map((by) => ({ contentOffset: contentOffset + by })),
      ...[0, 3, 4, 7, state.length - 1].map((length) => ({ state: state.subarray(0, length) })),
      { state: Buffer.concat([state, Buffer.of(0)]) },
      ...some([...state.keys()], 300).map((at) => ({ state: flipped(state, at) })),
    ];
    for (const change of changed) expect(await refusalFrom(scene, { ...mark, ...change })).toBe('checkpoint-damaged');
  });

  it('answers a forged mark whose seal is right with content or a refusal', async () => {
    const scene = await make();
    const marks = some(await marksOf(scene, undefined), 5);
    const random = seededRandom(scene.content.length);
    for (let turn = 0; turn < FORGERIES; turn++) {
      const code = await refusalFrom(scene, forged(marks[turn % marks.length] as Mark, random));
      expect(code ?? 'package-damaged', `forgery ${turn}`).toMatch(/^(checkpoint-damaged|package-[a-z]+)$/);
    }
  });
}

/** Reads on from a mark, compares the content, and gives every mark that was offered as `Tap` would ask for them. */
async function marksOf(scene: MarkScene, from: Mark | undefined): Promise<Mark[]> {
  const marks: Mark[] = [];
  const stream = scene.open(from);
  let at = from?.contentOffset ?? 0;
  for await (const chunk of stream) {
    expect(chunk.length).toBeGreaterThan(0);
    expect(Buffer.compare(chunk, scene.content.subarray(at, at + chunk.length)), `content at ${at}`).toBe(0);
    at += chunk.length;
    const mark = stream.mark();
    if (!mark) continue;
    expect(mark.contentOffset).toBe(at);
    expect(stream.mark(mark.packedOffset), 'a place that is wanted').toBeDefined();
    expect(stream.mark(mark.packedOffset + 1), 'a place before the wanted one').toBeUndefined();
    marks.push(structuredClone(mark));
  }
  expect(at).toBe(scene.content.length);
  return marks;
}

async function refusalFrom(scene: MarkScene, from: Mark): Promise<string | undefined> {
  try {
    for await (const _chunk of scene.open(from));
    return undefined;
  } catch (error) {
    if (error instanceof DiskferryError) return error.code;
    throw error;
  }
}

/** Sealed again, as nobody but an attacker does it: another place, or something else in the state. */
function forged({ packedOffset, contentOffset, state }: Mark, random: () => number): Mark {
  const tag = Buffer.from(state.subarray(0, 4)).toString('latin1');
  const own = Uint8Array.from(state.subarray(8));
  const kind = Math.floor(random() * 4);
  const place = {
    packedOffset: kind === 0 ? Math.floor(packedOffset * 2 * random()) : packedOffset,
    contentOffset: kind === 1 ? Math.floor(2 ** (53 * random())) - 1 : contentOffset,
  };
  if (kind === 2) return sealedMark(tag, place, own.subarray(0, Math.floor(own.length * random())));
  const near = random() < 0.5 ? Math.min(own.length, 60) : own.length;
  if (kind === 3 && own.length > 0) own[Math.floor(random() * near)] = Math.floor(random() * 256);
  return sealedMark(tag, place, own);
}

function flipped(state: Uint8Array, at: number): Uint8Array {
  return Uint8Array.from(state, (byte, index) => (index === at ? byte ^ 1 : byte));
}

/** At most `count` of them, from the first to the last. */
function some<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, (items.length - 1) / Math.max(1, count - 1));
  const chosen = Array.from({ length: Math.min(count, items.length) }, (_, turn) => items[Math.round(turn * step)]);
  return chosen.filter((item) => item !== undefined);
}
