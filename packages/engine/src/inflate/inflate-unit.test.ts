import { deflateRawSync, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contents, filesOfThisMachine, packedEveryWay } from '../../testing/deflate-corpus.ts';
import { ILLEGAL_STREAMS, LEGAL_STREAMS } from '../../testing/deflate-streams.ts';
import { expectSameBytes, inflateRefusal, zlibVerdict } from '../../testing/zlib-verdict.ts';
import { inflateUnit, inflateZlibUnit } from './inflate-unit.ts';
import { nodeUnit } from './node-unit.ts';

const UNIT = 64 * 1024;
const MiB = 1024 * 1024;

describe('inflateUnit()', () => {
  for (const [name, content] of contents(UNIT)) {
    it(`gives what zlib packed, at every level and strategy: ${name}`, () => {
      for (const stream of packedEveryWay(name, content)) {
        expectSameBytes(inflateUnit(stream.packed, content.length), content, stream.name);
      }
    });
  }

  it('gives what zlib packed, for files of this machine', () => {
    for (const { name, content } of filesOfThisMachine(60, 200_000)) {
      for (const level of [1, 6, 9]) {
        expectSameBytes(inflateUnit(deflateRawSync(content, { level }), content.length), content, name);
      }
    }
  });

  it('grows to units of 2 MiB and passes those beyond its limit to node:zlib', () => {
    for (const size of [2 * MiB, 40 * MiB]) {
      const content = new Uint8Array(size);
      for (let at = 0; at < size; at += 1009) content[at] = at;
      expectSameBytes(inflateUnit(deflateRawSync(content, { level: 1 }), size), content);
    }
  });

  for (const [name, packed] of Object.entries(LEGAL_STREAMS)) {
    it(`reads ${name}, as zlib does`, () => {
      const verdict = zlibVerdict(packed);
      if (!('content' in verdict)) expect.fail(`zlib: ${verdict.refused}`);
      expectSameBytes(inflateUnit(packed, verdict.content.length), verdict.content);
    });
  }

  for (const [name, packed] of Object.entries(ILLEGAL_STREAMS)) {
    it(`refuses ${name}, as zlib does`, () => {
      const verdict = zlibVerdict(packed);
      expect(verdict).toEqual({ refused: 'damaged' });
      expect(inflateRefusal(() => inflateUnit(packed, UNIT))).toBe('damaged');
      // The same in the careful loop alone: without the room that the fast one needs.
      for (const room of [0, 1, 5]) {
        expect(inflateRefusal(() => inflateUnit(packed, room))).toMatch(/^(damaged|too-long)$/);
      }
    });
  }

  it('refuses a stream that is cut at any byte', () => {
    const content = contents(3000).get('a mixture')!;
    for (const options of [{ level: 9 }, { level: 0 }, { strategy: 4 }]) {
      const packed = deflateRawSync(content, options);
      for (let cut = 0; cut < packed.length; cut++) {
        const part = new Uint8Array(packed.subarray(0, cut));
        expect(inflateRefusal(() => inflateUnit(part, content.length))).toBe('truncated');
      }
    }
  });

  it('refuses content of any other size than told', () => {
    for (const content of contents(2000).values()) {
      const packed = deflateRawSync(content);
      expect(inflateRefusal(() => inflateUnit(packed, content.length + 1))).toBe('too-short');
      if (content.length > 0) expect(inflateRefusal(() => inflateUnit(packed, content.length - 1))).toBe('too-long');
    }
  });

  it('passes over padding behind the end', () => {
    const content = contents(2000).get('text')!;
    const padded = Buffer.concat([deflateRawSync(content), Buffer.alloc(600, 0xaa)]);
    expectSameBytes(inflateUnit(padded, content.length), content);
  });

  it('fills the buffer that is given, and nothing beside the content', () => {
    const content = contents(5000).get('text')!;
    const into = new Uint8Array(6000).fill(0xcc);
    const result = inflateUnit(deflateRawSync(content), 5000, into.subarray(100));
    expectSameBytes(result, content);
    expect(result.buffer).toBe(into.buffer);
    expect(result.byteOffset).toBe(100);
    expect(into.subarray(0, 100).every((byte) => byte === 0xcc)).toBe(true);
    expect(into.subarray(5100).every((byte) => byte === 0xcc)).toBe(true);
  });

  it('gives bytes of its own where no buffer is given', () => {
    const [text, noise] = [contents(5000).get('text')!, contents(5000).get('noise')!];
    const first = inflateUnit(deflateRawSync(text), 5000);
    inflateUnit(deflateRawSync(noise), 5000);
    expectSameBytes(first, text);
  });
});

describe('inflateZlibUnit()', () => {
  const content = contents(UNIT).get('a mixture')!;

  it('gives what zlib packed, and checks its Adler-32', () => {
    for (const [name, own] of [...contents(UNIT), ...contents(5553), ...contents(15)]) {
      for (const windowBits of [9, 15]) {
        const packed = deflateSync(own, { windowBits });
        expectSameBytes(inflateZlibUnit(Buffer.concat([packed, Buffer.alloc(9)]), own.length), own, name);
        packed[packed.length - 1]! ^= 1;
        expect(inflateRefusal(() => inflateZlibUnit(packed, own.length))).toBe('checksum');
      }
    }
    const worst = new Uint8Array(300_001).fill(255);
    expectSameBytes(inflateZlibUnit(deflateSync(worst), worst.length), worst);
  });

  it('refuses another method, window or check, and a dictionary', () => {
    const headers = { '7801': undefined, '7802': 'header', '7901': 'header', '8819': 'header', '78bb': 'dictionary' };
    for (const [hex, reason] of Object.entries(headers)) {
      const packed = deflateSync(content);
      packed.set(Buffer.from(hex, 'hex'));
      expect(
        inflateRefusal(() => inflateZlibUnit(packed, UNIT)),
        hex,
      ).toBe(reason);
    }
    const wrongMethod = deflateSync(content);
    wrongMethod.set([0x79, 31 - ((0x79 * 256) % 31)]);
    expect(inflateRefusal(() => inflateZlibUnit(wrongMethod, UNIT))).toBe('header');
  });

  it('refuses a frame that is cut anywhere', () => {
    const packed = deflateSync(content.subarray(0, 500));
    for (let cut = 0; cut < packed.length; cut++) {
      expect(
        inflateRefusal(() => inflateZlibUnit(packed.subarray(0, cut), 500)),
        `at ${cut}`,
      ).toBe('truncated');
    }
  });
});

describe('nodeUnit()', () => {
  it('gives the same content and the same reasons', () => {
    const content = contents(5000).get('text')!;
    const packed = deflateRawSync(content);
    expectSameBytes(nodeUnit('deflate', packed, 5000, undefined), content);
    expectSameBytes(nodeUnit('zlib', deflateSync(content), 5000, new Uint8Array(6000)), content);
    expect(inflateRefusal(() => nodeUnit('deflate', packed, 4999, undefined))).toBe('too-long');
    expect(inflateRefusal(() => nodeUnit('deflate', packed, 5001, undefined))).toBe('too-short');
    expect(inflateRefusal(() => nodeUnit('deflate', packed.subarray(0, 50), 5000, undefined))).toBe('truncated');
    expect(inflateRefusal(() => nodeUnit('deflate', Buffer.of(7), 5000, undefined))).toBe('damaged');
  });
});
