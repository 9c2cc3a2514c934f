import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Source } from '../src/source/source.ts';
import { collect } from './memory-bytes.ts';
import { seededBytes } from './seeded.ts';

export interface SourceUnderTest {
  readonly source: Source;
  /** Replaces the object by another one of the same size. */
  change(content: Uint8Array): Promise<void>;
  /** What must not be seen in the label. */
  readonly secrets?: readonly string[];
  dispose(): PromiseLike<void>;
}

type Make = (content: Uint8Array) => Promise<SourceUnderTest>;

const CONTENT = seededBytes(11, 700_001);

/** What every source must do. A leaf's test is its set-up and one call of this. */
export function sourceConformance(name: string, make: Make): void {
  const using = async (content: Uint8Array, use: (made: SourceUnderTest) => Promise<void>): Promise<void> => {
    const made = await make(content);
    try {
      await use(made);
    } finally {
      await made.source[Symbol.asyncDispose]();
      await made.dispose();
    }
  };

  describe(`${name} as a source`, () => {
    it('tells the size and gives the whole content', () =>
      using(CONTENT, async ({ source }) => {
        const expected = await source.identify();
        expect(expected.size).toBe(CONTENT.length);
        expect(sha256(await collect(await source.stream({ expect: expected })))).toBe(sha256(CONTENT));
      }));

    it('identifies the same object in the same way twice', () =>
      using(CONTENT, async ({ source }) => {
        expect(await source.identify()).toEqual(await source.identify());
      }));

    it('gives any range exactly', () =>
      using(CONTENT, async ({ source }) => {
        const identity = await source.identify();
        if (!identity.ranged) return;
        const range = fc
          .tuple(fc.nat(CONTENT.length - 1), fc.nat(200_000))
          .map(([offset, length]) => ({ offset, length: Math.min(length, CONTENT.length - offset) }));
        await fc.assert(
          fc.asyncProperty(range, async ({ offset, length }) => {
            const got = await collect(await source.stream({ range: { offset, length }, expect: identity }));
            expect(Buffer.compare(got, CONTENT.subarray(offset, offset + length))).toBe(0);
          }),
          { numRuns: 20, examples: [[{ offset: CONTENT.length - 1, length: 1 }], [{ offset: 0, length: 1 }]] },
        );
      }));

    it('refuses a range behind the end', () =>
      using(CONTENT, async ({ source }) => {
        const identity = await source.identify();
        const range = { offset: CONTENT.length - 1, length: 2 };
        const reading = source.stream({ range, expect: identity }).then(collect);
        await expect(reading).rejects.toMatchObject({ code: 'source-answer' });
      }));

    it('gives an empty object', () =>
      using(new Uint8Array(0), async ({ source }) => {
        const identity = await source.identify();
        expect(identity.size).toBe(0);
        expect(await collect(await source.stream({ expect: identity }))).toHaveLength(0);
      }));

    it('gives an object of one byte', () =>
      using(new Uint8Array([42]), async ({ source }) => {
        const identity = await source.identify();
        expect([...(await collect(await source.stream({ expect: identity })))]).toEqual([42]);
      }));

    it('serves several streams at once', () =>
      using(CONTENT, async ({ source }) => {
        const expected = await source.identify();
        const all = await Promise.all(
          Array.from({ length: 4 }, async () => sha256(await collect(await source.stream({ expect: expected })))),
        );
        expect(new Set(all)).toEqual(new Set([sha256(CONTENT)]));
      }));

    it('can be left early and read again', () =>
      using(CONTENT, async ({ source }) => {
        const expected = await source.identify();
        for await (const chunk of await source.stream({ expect: expected })) {
          expect(chunk.length).toBeGreaterThan(0);
          break;
        }
        expect(sha256(await collect(await source.stream({ expect: expected })))).toBe(sha256(CONTENT));
      }));

    it('stops at an abort, before and in the middle of a stream', () =>
      using(CONTENT, async ({ source }) => {
        const expected = await source.identify();
        const signal = AbortSignal.abort();
        const before = source.stream({ expect: expected, signal }).then(collect);
        await expect(before).rejects.toMatchObject({ name: 'AbortError' });
        await expect(source.identify(signal)).rejects.toMatchObject({ name: 'AbortError' });
        const control = new AbortController();
        const stream = await source.stream({ expect: expected, signal: control.signal });
        const reading = (async () => {
          for await (const _chunk of stream) control.abort();
        })();
        await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
      }));

    it('says source-changed when the object is another one', () =>
      using(CONTENT, async ({ source, change }) => {
        const expected = await source.identify();
        await change(seededBytes(12, CONTENT.length));
        const reading = source.stream({ expect: expected }).then(collect);
        await expect(reading).rejects.toMatchObject({ code: 'source-changed', retry: 'never' });
      }));

    it('shows no secret in its label', () =>
      using(CONTENT, async ({ source, secrets = [] }) => {
        for (const secret of secrets) expect(source.label).not.toContain(secret);
        expect(source.label).not.toMatch(/signature=[^*]|password/i);
      }));

    it('reads in place, where it can, what it streams', () =>
      using(CONTENT, async ({ source }) => {
        if (source.bytes === undefined) return;
        await using bytes = await source.bytes(await source.identify());
        expect(bytes.size).toBe(CONTENT.length);
        const into = new Uint8Array(100_003);
        await bytes.read(77, into);
        expect(Buffer.compare(into, CONTENT.subarray(77, 77 + into.length))).toBe(0);
        await expect(bytes.read(bytes.size - 1, new Uint8Array(2))).rejects.toMatchObject({ code: 'internal' });
      }));
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
