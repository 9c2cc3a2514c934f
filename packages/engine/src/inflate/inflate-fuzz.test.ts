import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contents } from '../../testing/deflate-corpus.ts';
import { ILLEGAL_STREAMS, LEGAL_STREAMS } from '../../testing/deflate-streams.ts';
import { mutated } from '../../testing/mutate.ts';
import { seededRandom } from '../../testing/seeded.ts';
import { expectSameBytes, inflateRefusal, zlibVerdict } from '../../testing/zlib-verdict.ts';
import { inflateUnit } from './inflate-unit.ts';
import { Inflater } from './inflater.ts';

/** By hand for longer: DISKFERRY_FUZZ_SECONDS=600 npx vitest run packages/engine/src/inflate/inflate-fuzz.test.ts */
const SECONDS = Number(process.env['DISKFERRY_FUZZ_SECONDS'] ?? 3);
/** Larger than what any of the seeds grows to by a changed byte or two. */
const MOST = 2 * 1024 * 1024;

function seeds(): readonly Uint8Array[] {
  const packed = [...contents(1500).values(), ...contents(200).values()].flatMap((content) =>
    [{ level: 9 }, { level: 1 }, { strategy: 4 }, { strategy: 2, memLevel: 1 }].map(
      (options) => new Uint8Array(deflateRawSync(content, options)),
    ),
  );
  const small = Object.values({ ...LEGAL_STREAMS, ...ILLEGAL_STREAMS }).filter((stream) => stream.length < 4000);
  return [...packed, ...small];
}

/** Bits anywhere (in deflate, everything hangs on every bit), or what mutated() does to images. */
function damagedStream(seed: Uint8Array, random: () => number): Uint8Array {
  if (random() < 0.3) return mutated(seed, random);
  const packed = new Uint8Array(seed);
  const head = random() < 0.5 ? Math.min(packed.length, 80) : packed.length;
  for (let count = 1 + 3 * random() ** 2; count >= 1; count--) {
    packed[Math.floor(random() * head)]! ^= 1 << Math.floor(random() * 8);
  }
  return packed;
}

function compareWithZlib(packed: Uint8Array, what: string): 'accepted' | 'refused' {
  const verdict = zlibVerdict(packed, MOST);
  if ('content' in verdict) {
    expectSameBytes(inflateUnit(packed, verdict.content.length), verdict.content, what);
    return 'accepted';
  }
  const reason = inflateRefusal(() => inflateUnit(packed, MOST));
  if (reason !== verdict.refused) expect.fail(`${what}: ${reason ?? 'accepted'}, by zlib ${verdict.refused}`);
  return 'refused';
}

/** The same through pieces that are chosen at random, now and then saved and restored. */
function compareInPieces(packed: Uint8Array, random: () => number, what: string): void {
  const verdict = zlibVerdict(packed, MOST);
  const chunks: Uint8Array[] = [];
  const reason = inflateRefusal(() => decodeInPieces(packed, random, chunks));
  if (!('content' in verdict)) {
    // Content that is too long for zlib's limit goes on here, to whatever end.
    if (verdict.refused !== 'too-long' && reason !== verdict.refused) {
      expect.fail(`${what}: ${reason ?? 'accepted'} in pieces, by zlib ${verdict.refused}`);
    }
  } else if (reason !== undefined) expect.fail(`${what}: ${reason} in pieces, accepted by zlib`);
  else expectSameBytes(new Uint8Array(Buffer.concat(chunks)), verdict.content, what);
}

function decodeInPieces(packed: Uint8Array, random: () => number, chunks: Uint8Array[]): void {
  let inflater = Inflater.start()!;
  try {
    for (let given = 0, length = 0; !inflater.finished;) {
      const chunk = inflater.pull(1 + Math.floor(5000 * random() ** 2));
      if (chunk) chunks.push(new Uint8Array(chunk));
      if (random() < 0.05) {
        const saved = inflater.save();
        inflater[Symbol.dispose]();
        inflater = Inflater.restore(saved);
        given = inflater.consumed;
      } else if (!chunk && !inflater.finished) {
        if (given === packed.length) inflater.end();
        length = Math.ceil(packed.length * random() ** 3);
        inflater.push(new Uint8Array(packed.subarray(given, given + length)));
        given = Math.min(packed.length, given + length);
      }
    }
  } finally {
    inflater[Symbol.dispose]();
  }
}

describe('fuzzing inflateUnit() and Inflater', () => {
  it(
    `accepts and refuses what node:zlib does, for damaged streams, ${SECONDS} s`,
    () => {
      const streams = seeds();
      const counts = { accepted: 0, refused: 0 };
      const seed = Number(process.env['DISKFERRY_FUZZ_SEED'] ?? 1);
      const end = Date.now() + SECONDS * 1000;
      for (let turn = 0; Date.now() < end; turn++) {
        const random = seededRandom(seed * 1_000_003 + turn);
        const packed = damagedStream(streams[Math.floor(random() * streams.length)]!, random);
        const what = `seed ${seed}, turn ${turn}, ${Buffer.from(packed).toString('hex')}`;
        counts[compareWithZlib(packed, what)]++;
        if (turn % 3 === 0) compareInPieces(packed, random, what);
      }
      console.log(`fuzzing deflate: ${JSON.stringify(counts)}`);
      expect(counts.accepted).toBeGreaterThan(10);
      expect(counts.refused).toBeGreaterThan(10);
    },
    (SECONDS + 30) * 1000,
  );
});
