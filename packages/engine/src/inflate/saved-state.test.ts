import * as fc from 'fast-check';
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contents } from '../../testing/deflate-corpus.ts';
import { LEGAL_STREAMS } from '../../testing/deflate-streams.ts';
import { inflateInPieces } from '../../testing/inflate-in-pieces.ts';
import { seededBytes, seededRandom } from '../../testing/seeded.ts';
import { expectSameBytes, inflateRefusal, zlibVerdict } from '../../testing/zlib-verdict.ts';
import { Inflater } from './inflater.ts';
import type { Inflating } from './inflating.ts';

const MOST_SAVED = 33.5 * 1024;

/** Another decoder that goes on where this one is. */
function movedOn(inflating: Inflating): Inflating {
  const saved = inflating.save!();
  expect(saved.length).toBeLessThan(MOST_SAVED);
  inflating[Symbol.dispose]();
  // Another stream in between leaves its traces in a decoder that is used again.
  using other = Inflater.start()!;
  other.push(seededBytes(saved.length, 300));
  inflateRefusal(() => other.pull());
  return Inflater.restore(saved);
}

function contentOf(packed: Uint8Array): Uint8Array {
  const verdict = zlibVerdict(packed);
  return 'content' in verdict ? verdict.content : expect.fail(verdict.refused);
}

/** A decoder's saved state after `count` packed bytes and what content they give. */
function savedAfter(packed: Uint8Array, count: number, most?: number): Uint8Array {
  using inflater = Inflater.start()!;
  inflater.push(packed.subarray(0, count));
  if (most === undefined) while (inflater.pull()) continue;
  else inflater.pull(most);
  return inflater.save();
}

function resealed(saved: Uint8Array): Uint8Array {
  const view = new DataView(saved.buffer, saved.byteOffset, saved.length);
  view.setUint32(saved.length - 4, crc32(saved.subarray(0, -4)), true);
  return saved;
}

describe('Inflater.restore()', () => {
  it('goes on at any byte of a stream and at any byte of its content', async () => {
    for (const packed of Object.values(LEGAL_STREAMS).filter((stream) => stream.length < 1000)) {
      const pieces = { pushes: [1], pulls: [1] };
      const most = zlibVerdict(packed);
      if ('content' in most && most.content.length > 5000) continue;
      const found = await inflateInPieces(Inflater.start()!, packed, pieces, movedOn);
      expectSameBytes(found.content, contentOf(packed));
      expect(found.consumed).toBeLessThanOrEqual(packed.length);
    }
  });

  it('goes on after every so many bytes, in streams of every kind', async () => {
    const contentsOfAll = [...contents(40_000).values()];
    for (const options of [{ level: 9 }, { level: 0 }, { strategy: 4 }, { memLevel: 1, level: 6 }]) {
      for (const content of contentsOfAll) {
        const packed = deflateRawSync(content, options);
        for (const pieces of [{ pushes: [701] }, { pushes: [5000, 1], pulls: [997] }]) {
          const found = await inflateInPieces(Inflater.start()!, packed, pieces, movedOn);
          expectSameBytes(found.content, content);
        }
      }
    }
  });

  it('goes on for any pieces and any places', async () => {
    const streams = [...contents(9000).values()].map((content) => deflateRawSync(content));
    const sizes = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...streams), sizes, sizes, fc.nat(7), async (packed, pushes, pulls, seldom) => {
        let turn = 0;
        const between = (inflating: Inflating) => (turn++ % (seldom + 1) === 0 ? movedOn(inflating) : inflating);
        const found = await inflateInPieces(Inflater.start()!, packed, { pushes, pulls }, between);
        expectSameBytes(found.content, contentOf(packed));
      }),
      { numRuns: 60 },
    );
  });

  it('knows that a stream had ended', () => {
    const packed = deflateRawSync(contents(500).get('text')!);
    using inflater = Inflater.restore(savedAfter(packed, packed.length));
    expect(inflater.finished).toBe(true);
    expect(inflater.consumed).toBe(packed.length);
  });

  it('refuses a state of which any byte was changed, or that is cut', () => {
    const saved = savedAfter(deflateRawSync(contents(2000).get('text')!), 400);
    for (let at = 0; at < saved.length; at++) {
      const changed = new Uint8Array(saved);
      changed[at]! ^= 1 << (at % 8);
      expect(
        inflateRefusal(() => Inflater.restore(changed)),
        `at ${at}`,
      ).toBe('saved-state');
      expect(inflateRefusal(() => Inflater.restore(saved.subarray(0, at)))).toBe('saved-state');
    }
    expect(inflateRefusal(() => Inflater.restore(Buffer.concat([saved, Buffer.alloc(1)])))).toBe('saved-state');
  });

  it('refuses counts and sizes that contradict each other, with a CRC that matches', () => {
    const packed = deflateRawSync(contents(2000).get('text')!);
    for (const [at, value] of [
      [4, 2],
      [6, 415],
      [8, 1],
      [18, 0xffff],
      [20, 1],
      [26, 1],
    ] as const) {
      const saved = savedAfter(packed, 400);
      new DataView(saved.buffer).setUint16(at, value, true);
      expect(
        inflateRefusal(() => Inflater.restore(resealed(saved))),
        `at ${at}`,
      ).toBe('saved-state');
    }
  });

  it('refuses a forged state or decodes it to something, never outside its memory', async () => {
    const random = seededRandom(9);
    const packed = [...contents(6000).values()].slice(3).map((content) => deflateRawSync(content));
    const outcomes = { refused: 0, accepted: 0 };
    for (let turn = 0; turn < 3000; turn++) {
      const stream = packed[turn % packed.length]!;
      const saved = savedAfter(stream, Math.floor(random() * stream.length), 1 + Math.floor(random() * 3000));
      const at = 28 + Math.floor(random() * 8) * 4 + Math.floor(random() * 2) * 32 + Math.floor(random() * 4);
      saved[random() < 0.8 ? at : 28 + Math.floor(random() * 416)] = Math.floor(random() * 256);
      const reason = inflateRefusal(() => {
        using inflater = Inflater.restore(resealed(saved));
        inflater.push(stream.subarray(0, 2000));
        for (let pulls = 0; pulls < 20 && inflater.pull(500); pulls++) continue;
      });
      outcomes[reason === 'saved-state' ? 'refused' : 'accepted']++;
    }
    expect(outcomes.refused).toBeGreaterThan(300);
    expect(outcomes.accepted).toBeGreaterThan(30);
  });
});
