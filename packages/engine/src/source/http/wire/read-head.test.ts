import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiskferryError } from '../../../base/errors.ts';
import type { AnswerHead } from './answer-head.ts';
import { ProtocolError } from './protocol-error.ts';
import { readHead } from './read-head.ts';

/** The head that these pieces begin with, and what is behind it. Each piece is gone when the next is asked for. */
async function read(pieces: readonly Uint8Array[]): Promise<AnswerHead & { readonly rest: string }> {
  const queue = pieces.filter((piece) => piece.length > 0).map((piece) => Uint8Array.from(piece));
  let last: Uint8Array | undefined;
  const next = async (): Promise<Uint8Array | undefined> => {
    last?.fill(0xdd);
    last = queue.shift();
    return last;
  };
  const putBack = (rest: Uint8Array): void => void queue.unshift(Uint8Array.from(rest));
  const head = await readHead({ next, putBack }, 'h.test');
  return { ...head, rest: Buffer.concat(queue).toString('latin1') };
}

const HEAD = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 206 Partial\r\nETag: "one"\r\nX: y\r\n\r\nrest';

describe('readHead', () => {
  it('gives the same head split at every two bytes', async () => {
    const bytes = Buffer.from(HEAD);
    for (let first = 0; first < HEAD.length; first++) {
      for (let second = first; second < HEAD.length; second++) {
        const found = await read([bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]);
        expect(found.status).toBe(206);
        expect({ ...found.headers }).toEqual({ etag: '"one"', x: 'y' });
        expect(found.rest).toBe('rest');
      }
    }
    expect(await read([...bytes].map((byte) => Uint8Array.of(byte)))).toMatchObject({ status: 206, rest: 'rest' });
  });

  it('refuses another protocol by its first bytes', async () => {
    for (const text of ['SSH-2.0-OpenSSH', 'HTTQ', 'http/1.1', '\r\nHTTP/1.1', '\x16\x03\x01']) {
      await expect(read([Buffer.from(text)])).rejects.toThrow(ProtocolError);
    }
  });

  it('takes a head of 64 KiB and no more, in pieces of any size', async () => {
    const [before, after] = ['HTTP/1.1 200 OK\r\nX: ', '\r\n\r\n'];
    const filler = 'x'.repeat(65_536 - before.length - after.length);
    for (const size of [1, 1000, 70_000]) {
      const good = Buffer.from(`${before}${filler}${after}rest`);
      expect(await read(inPieces(good, size))).toMatchObject({ status: 200, rest: 'rest' });
      const long = Buffer.from(`${before}${filler}x${after}rest`);
      await expect(read(inPieces(long, size))).rejects.toMatchObject({ name: 'ProtocolError', retry: 'later' });
    }
  });

  it('meets nothing but errors with names in heads that are spoiled at random', async () => {
    const spot = fc.record({ at: fc.nat(HEAD.length), cut: fc.nat(5), put: fc.uint8Array({ maxLength: 6 }) });
    const telling = fc.constantFrom('\r', '\n', '\r\n', '\0', ' ', ':', '\r\n ', 'HTTP/1.1 ', '\r\n\r\n');
    const word = fc.record({ at: fc.nat(HEAD.length), cut: fc.nat(5), put: telling.map((text) => Buffer.from(text)) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(spot, word), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 90 }),
        async (edits, size) => {
          let bytes = Buffer.from(HEAD);
          for (const { at, cut, put } of edits) {
            bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
          }
          const outcome = await read(inPieces(bytes, size)).catch((error: unknown) => error);
          const isNamed = outcome instanceof DiskferryError && outcome.code.startsWith('source-');
          if (outcome instanceof Error) expect(isNamed || outcome instanceof ProtocolError).toBe(true);
          else expect(outcome).toMatchObject({ status: expect.any(Number) });
        },
      ),
      { numRuns: 2000 },
    );
  });
});

function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, turn) =>
    bytes.subarray(turn * size, (turn + 1) * size),
  );
}
