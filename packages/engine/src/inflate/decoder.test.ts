import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contents } from '../../testing/deflate-corpus.ts';
import { ILLEGAL_STREAMS, LEGAL_STREAMS } from '../../testing/deflate-streams.ts';
import { mutated } from '../../testing/mutate.ts';
import { seededBytes, seededRandom } from '../../testing/seeded.ts';
import { type Decoder, grown, startDecoder } from './decoder.ts';

const ROOM = 70_000;
const GAP = 1000;

/** A memory full of noise, with the packed bytes in one region and room for the content in another. */
class Scene {
  readonly #decoder: Decoder = startDecoder()!;
  readonly #memory: Uint8Array;
  readonly #noise: Uint8Array;
  readonly #host: number = this.#decoder.hostAt.value;

  constructor() {
    grown(this.#decoder, this.#host + 4 * ROOM);
    this.#memory = new Uint8Array(this.#decoder.memory.buffer);
    this.#noise = seededBytes(5, this.#memory.length);
  }

  /** @throws Error naming a byte outside the output region that was changed */
  run(packed: Uint8Array, room: number, outputFirst: boolean): number {
    const [first, second] = [this.#host + GAP, this.#host + 2 * GAP + Math.max(room, packed.length)];
    const [input, output] = outputFirst ? [second, first] : [first, second];
    this.#memory.set(this.#noise.subarray(this.#host), this.#host);
    this.#memory.set(packed, input);
    this.#decoder.reset();
    const status = this.#decoder.run(input, input + packed.length, output, output, output + room);
    expect(this.#decoder.inputPlace()).toBeLessThanOrEqual(input + packed.length);
    expect(this.#decoder.outputPlace()).toBeLessThanOrEqual(output + room);
    this.#sameNoise(this.#host, Math.min(input, output));
    this.#sameNoise(Math.min(input + packed.length, output + room), Math.max(input, output));
    this.#sameNoise(Math.max(input + packed.length, output + room), this.#memory.length);
    expect(Buffer.compare(this.#memory.subarray(input, input + packed.length), packed)).toBe(0);
    return status;
  }

  #sameNoise(from: number, to: number): void {
    if (Buffer.compare(this.#memory.subarray(from, to), this.#noise.subarray(from, to)) === 0) return;
    for (let at = from; at < to; at++) if (this.#memory[at] !== this.#noise[at]) expect.fail(`byte ${at} was changed`);
  }
}

describe('the decoder', () => {
  const scene = new Scene();
  const streams = [...Object.values(LEGAL_STREAMS), ...Object.values(ILLEGAL_STREAMS)];

  it('writes nothing outside its output region, for any room', () => {
    for (const packed of streams) {
      for (const room of [0, 1, 17, 258, 274, 275, 276, 300, 1000, ROOM]) {
        scene.run(packed, room, false);
        scene.run(packed, room, true);
      }
    }
    for (const content of contents(5000).values()) {
      const packed = deflateRawSync(content);
      for (let room = 0; room < 5010; room += room > 4600 ? 1 : 97) scene.run(packed, room, room % 2 === 0);
    }
  });

  it('writes nothing outside its output region, for damaged streams', () => {
    const random = seededRandom(3);
    const seeds = [...contents(3000).values()].map((content) => new Uint8Array(deflateRawSync(content)));
    for (let turn = 0; turn < 1500; turn++) {
      const packed = mutated(seeds[turn % seeds.length]!, random);
      scene.run(packed, Math.floor(random() * 4000), turn % 2 === 0);
    }
  });
});
