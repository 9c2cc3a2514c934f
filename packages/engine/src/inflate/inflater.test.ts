import * as fc from 'fast-check';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contents, filesOfThisMachine } from '../../testing/deflate-corpus.ts';
import { ILLEGAL_STREAMS, LEGAL_STREAMS } from '../../testing/deflate-streams.ts';
import { inflateInPieces } from '../../testing/inflate-in-pieces.ts';
import { expectSameBytes, inflateRefusal, zlibVerdict } from '../../testing/zlib-verdict.ts';
import { Inflater } from './inflater.ts';
import { type Inflating, LONGEST_PULL } from './inflating.ts';
import { nodeInflater } from './node-inflater.ts';
import { InflateError } from './refusal.ts';

const ours = () => Inflater.start()!;
const BOTH: Readonly<Record<string, () => Inflating>> = { Inflater: ours, 'nodeInflater()': nodeInflater };
const RANDOM_STREAMS = [...contents(20_000).values()].flatMap((content) =>
  [{ level: 9 }, { level: 0 }, { strategy: 4 }, { memLevel: 1 }].map((options) => deflateRawSync(content, options)),
);

const sizes = (max: number) => fc.array(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 6 });

async function reasonOf(work: Promise<unknown>): Promise<string | undefined> {
  return await work.then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof InflateError ? thrown.reason : Promise.reject(thrown)),
  );
}

for (const [name, start] of Object.entries(BOTH)) {
  describe(`${name} as an Inflating`, () => {
    it('gives the content in whatever pieces it is pushed and pulled', async () => {
      for (const packed of Object.values(LEGAL_STREAMS).filter((stream) => stream.length < 5000)) {
        const verdict = zlibVerdict(packed);
        const content = 'content' in verdict ? verdict.content : expect.fail(verdict.refused);
        for (const pieces of [{ pushes: [4096] }, { pushes: [999], pulls: [7, 3000] }, { pushes: [61, 1] }]) {
          const found = await inflateInPieces(start(), packed, pieces);
          expectSameBytes(found.content, content);
        }
      }
    });

    it('says where the stream ends, and what of the last push lies behind it', async () => {
      const text = contents(3000).get('text')!;
      const packed = deflateRawSync(text);
      const followed = Buffer.concat([packed, Buffer.alloc(50_000, 0x55)]);
      for (const pushes of [[60_000], [1000], [packed.length], [packed.length - 1, 1], [packed.length + 1]]) {
        const { consumed, content } = await inflateInPieces(start(), followed, { pushes });
        expect(consumed).toBe(packed.length);
        expectSameBytes(content, text);
      }
    });

    it('refuses what zlib refuses, whatever the pieces', async () => {
      for (const [name, packed] of Object.entries(ILLEGAL_STREAMS).filter(([, stream]) => stream.length < 5000)) {
        for (const pieces of [{ pushes: [4096] }, { pushes: [1], pulls: [2] }]) {
          expect(await reasonOf(inflateInPieces(start(), packed, pieces)), name).toBe('damaged');
        }
      }
    });

    it('refuses a stream that is cut', async () => {
      const packed = deflateRawSync(contents(3000).get('a mixture')!);
      for (let cut = 0; cut < packed.length; cut += 97) {
        const pieces = inflateInPieces(start(), packed.subarray(0, cut), { pushes: [50] });
        expect(await reasonOf(pieces)).toBe('truncated');
      }
    });
  });
}

describe('Inflater', () => {
  it('gives equal content for any pieces', async () => {
    const stream = fc.constantFrom(...RANDOM_STREAMS);
    await fc.assert(
      fc.asyncProperty(stream, sizes(3000), sizes(3000), async (packed, pushes, pulls) => {
        const verdict = zlibVerdict(packed);
        const found = await inflateInPieces(ours(), packed, { pushes, pulls });
        expectSameBytes(found.content, 'content' in verdict ? verdict.content : new Uint8Array(0));
        expect(found.consumed).toBe(packed.length);
      }),
      { numRuns: 150 },
    );
  });

  it('gives equal content pushed and pulled byte by byte', async () => {
    for (const packed of Object.values(LEGAL_STREAMS).filter((stream) => stream.length < 3000)) {
      const verdict = zlibVerdict(packed);
      const found = await inflateInPieces(ours(), packed, { pushes: [1], pulls: [1, 2, 3] });
      expectSameBytes(found.content, 'content' in verdict ? verdict.content : new Uint8Array(0));
    }
  });

  it('reaches back over the whole window, however often its memory is used up', async () => {
    const files = filesOfThisMachine(8, 4_000_000).map(({ content }) => content);
    const content = new Uint8Array(Buffer.concat([...files, contents(3_000_000).get('text')!, ...files]));
    const packed = deflateRawSync(content, { level: 1 });
    for (const pieces of [{ pushes: [packed.length] }, { pushes: [65536, 300_000], pulls: [LONGEST_PULL, 40_000] }]) {
      expectSameBytes((await inflateInPieces(ours(), packed, pieces)).content, content);
    }
  });

  it('gives a full pull where there is enough, and no more than that', () => {
    const zeros = new Uint8Array(5 * LONGEST_PULL);
    using inflater = ours();
    inflater.push(deflateRawSync(zeros));
    expect(inflater.pull(2 * LONGEST_PULL)?.length).toBe(LONGEST_PULL);
    expect(inflater.pull(1000)?.length).toBe(1000);
    expect(inflater.produced).toBe(LONGEST_PULL + 1000);
  });

  it('refuses for ever once it has refused', () => {
    using inflater = ours();
    inflater.push(Uint8Array.of(7));
    for (let turn = 0; turn < 3; turn++) expect(inflateRefusal(() => inflater.pull())).toBe('damaged');
  });

  it('takes no push while it has bytes of the last one, and decodes nothing when it is disposed of', () => {
    const inflater = ours();
    inflater.push(deflateRawSync(contents(3000).get('text')!));
    expect(() => inflater.push(Uint8Array.of(1))).toThrow(RangeError);
    inflater[Symbol.dispose]();
    inflater[Symbol.dispose]();
    expect(() => inflater.pull()).toThrow('disposed');
  });

  it('decodes several streams at once, and uses a decoder again for the next', async () => {
    const streams = [...contents(100_000).values()];
    for (let turn = 0; turn < 3; turn++) {
      await Promise.all(
        streams.map(async (content) => {
          const pieces = { pushes: [777], pulls: [999] };
          expectSameBytes((await inflateInPieces(ours(), deflateRawSync(content), pieces)).content, content);
        }),
      );
    }
  });
});
