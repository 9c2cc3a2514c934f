import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chunked } from './chunked.ts';
import { ProtocolError } from './protocol-error.ts';

/** What the body is when it arrives in these pieces; `rest` is behind its end. Undefined where it does not end. */
function unframed(pieces: readonly string[]): { body: string; rest: string } | undefined {
  const chunked = new Chunked();
  let body = '';
  let rest = '';
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, 'latin1');
    const from = chunked.ended ? 0 : chunked.take(bytes);
    if (from !== 0) body += Buffer.from(from.body).toString('latin1');
    rest += piece.slice(from === 0 ? 0 : from.used);
  }
  return chunked.ended ? { body, rest } : undefined;
}

const EXAMPLE = '5\r\nhello\r\n00a;a=b; c="d;e"\r\n, chunks!!\r\n1 \t\r\n\n\r\n0\r\nX: y\r\nZ:\r\n\r\nHTTP/1.1';
const BODY = 'hello, chunks!!\n';

describe('Chunked', () => {
  it('takes sizes, extensions and trailers off', () => {
    expect(unframed([EXAMPLE])).toEqual({ body: BODY, rest: 'HTTP/1.1' });
  });

  it('is the same split at every two bytes', () => {
    for (let first = 0; first < EXAMPLE.length; first++) {
      for (let second = first; second < EXAMPLE.length; second++) {
        const pieces = [EXAMPLE.slice(0, first), EXAMPLE.slice(first, second), EXAMPLE.slice(second)];
        expect(unframed(pieces.filter((piece) => piece !== ''))).toEqual({ body: BODY, rest: 'HTTP/1.1' });
      }
    }
    expect(unframed([...EXAMPLE])).toEqual({ body: BODY, rest: 'HTTP/1.1' });
  });

  it('does not end before its last line', () => {
    const end = EXAMPLE.indexOf('HTTP');
    for (let length = 0; length < end; length++) expect(unframed([EXAMPLE.slice(0, length)])).toBeUndefined();
  });

  it.each([
    ['no size', '\r\nhello'],
    ['a size that is no number', 'x\r\n'],
    ['a signed size', '+5\r\nhello\r\n0\r\n\r\n'],
    ['0x', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a blank in front', ' 5\r\nhello\r\n0\r\n\r\n'],
    ['a size beyond 2^53', '20000000000000\r\n'],
    ['a size of 17 digits', '00000000000000005\r\nhello\r\n0\r\n\r\n'],
    ['a bare LF behind the size', '5\nhello\r\n0\r\n\r\n'],
    ['a bare CR in the extension', '5;a\rb\r\nhello\r\n0\r\n\r\n'],
    ['something between size and extension', '5 x;a\r\nhello\r\n0\r\n\r\n'],
    ['a chunk longer than its size', '4\r\nhello\r\n0\r\n\r\n'],
    ['a chunk without an end of line', '5\r\nhello0\r\n\r\n'],
    ['a bare LF behind the data', '5\r\nhello\n0\r\n\r\n'],
    ['a folded trailer', '0\r\nA: b\r\n c\r\n\r\n'],
    ['a trailer without a colon', '0\r\nnothing\r\n\r\n'],
    ['a bare LF at the end', '0\r\n\n'],
  ])('refuses %s', (_what, text) => {
    expect(() => unframed([text])).toThrow(ProtocolError);
    expect(() => unframed([...text])).toThrow(ProtocolError);
  });

  it.each([
    ['a line without end', 'a'.repeat(9), '0'.repeat(1000)],
    ['one extension without end', '5;', 'x'.repeat(1000)],
    ['extensions to every chunk', '', `1;${'x'.repeat(1000)}\r\nX\r\n`],
    ['trailers without end', '0\r\n', 'X: y\r\n'.repeat(100)],
  ])('refuses %s within 64 KiB', (_what, first, piece) => {
    const chunked = new Chunked();
    if (first !== '') chunked.take(Buffer.from(first));
    const feed = (): void => {
      for (let sent = 0; sent < 65_536; sent += piece.length) chunked.take(Buffer.from(piece));
    };
    expect(feed).toThrow(ProtocolError);
  });

  it('takes a million chunks of one byte', () => {
    const chunked = new Chunked();
    const bytes = Buffer.from('1\r\nX\r\n'.repeat(10_000));
    for (let turn = 0; turn < 100; turn++) expect(chunked.take(Buffer.from(bytes)).body).toHaveLength(10_000);
  });

  it('gives the same body however it was cut into chunks and pieces', () => {
    const cut = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), cut, cut, (content, chunks, pieces) => {
        const text = Buffer.from(content).toString('latin1');
        const lines = cutUp(text, chunks).map((part) => `${part.length.toString(16)}\r\n${part}\r\n`);
        const sent = cutUp(`${lines.join('')}0\r\n\r\nrest`, pieces);
        expect(unframed(sent)).toEqual({ body: text, rest: 'rest' });
      }),
      { numRuns: 300 },
    );
  });
});

function cutUp(text: string, sizes: readonly number[]): string[] {
  const parts: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    parts.push(text.slice(at, at + size));
    at += size;
  }
  return parts;
}
