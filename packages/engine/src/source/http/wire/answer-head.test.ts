import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHead, tokensOf, type AnswerHead } from './answer-head.ts';
import { ProtocolError } from './protocol-error.ts';

const parsed = (...lines: string[]): AnswerHead => parseHead(Buffer.from([...lines, '', ''].join('\r\n'), 'latin1'));

describe('parseHead', () => {
  it('gives status and headers, names in lower case, values without blanks around them', () => {
    const head = parsed('HTTP/1.1 206 Partial Content', 'ETag:"one"', 'X-A:\t a b \t', 'X-Empty:', 'X-Old: \xe9');
    expect(head).toMatchObject({ minor: 1, status: 206 });
    expect({ ...head.headers }).toEqual({ etag: '"one"', 'x-a': 'a b', 'x-empty': '', 'x-old': '\xe9' });
  });

  it('gives a list for a name that is there several times', () => {
    const { headers } = parsed('HTTP/1.1 200 OK', 'Via: a', 'via: b', 'VIA: c');
    expect(headers['via']).toEqual(['a', 'b', 'c']);
  });

  it('takes names that objects have of their own for names', () => {
    const { headers } = parsed('HTTP/1.1 200 OK', '__proto__: a', 'constructor: b');
    expect([headers['__proto__'], headers['constructor'], headers['toString']]).toEqual(['a', 'b', undefined]);
  });

  it('takes a status without a phrase, and HTTP/1.0', () => {
    for (const line of ['HTTP/1.0 404', 'HTTP/1.0 404 ', 'HTTP/1.0 404 Gefunden? N\xe9']) {
      expect(parsed(line)).toMatchObject({ minor: 0, status: 404 });
    }
  });

  it.each([
    'HTTP/1.2 200 OK',
    'HTTP/2 200',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 600 OK',
    'HTTP/1.1 099 OK',
    'HTTP/1.1  200 OK',
    'HTTP/1.1\t200 OK',
    'http/1.1 200 OK',
    ' HTTP/1.1 200 OK',
    'HTTP/1.1 200 O\rK',
    'HTTP/1.1 200 O\0K',
    'HTTP/1.1 200 OK\nX: y',
  ])('refuses the status line %j', (line) => {
    expect(() => parsed(line)).toThrow(ProtocolError);
  });

  it.each([
    ['folded', ' folded'],
    ['folded by a tab', '\tfolded'],
    ['a blank before the colon', 'A : b'],
    ['no colon', 'nothing'],
    ['no name', ': b'],
    ['a bare CR', 'A: b\rC: d'],
    ['a bare LF', 'A: b\nC: d'],
    ['NUL', 'A: \0'],
    ['DEL', 'A: \x7f'],
    ['a name that is no token', 'A(b): c'],
  ])('refuses a header with %s', (_what, line) => {
    expect(() => parsed('HTTP/1.1 200 OK', 'X: y', line)).toThrow(ProtocolError);
  });

  it('takes 200 headers and not 201', () => {
    const many = Array.from({ length: 201 }, (_, turn) => `X-${turn}: y`);
    expect(Object.keys(parsed('HTTP/1.1 200 OK', ...many.slice(1)).headers)).toHaveLength(200);
    expect(() => parsed('HTTP/1.1 200 OK', ...many)).toThrow(expect.objectContaining({ retry: 'later' }));
  });

  it('takes no longer than the head is long', () => {
    const began = performance.now();
    for (const filler of [' ', '\t', ':', 'x', '\r', '/']) {
      for (const line of [
        filler.repeat(64_000),
        `X:${filler.repeat(64_000)}y`,
        `HTTP/1.1 200 ${filler.repeat(64_000)}`,
      ]) {
        for (const lines of [['HTTP/1.1 200 OK', line], [line]]) {
          try {
            parsed(...lines);
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
          }
        }
      }
    }
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('never holds what was received in its errors', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 40 }), (text) => {
        try {
          parsed('HTTP/1.1 200 OK', `secret${text}`);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          expect(String(error)).not.toContain('secret');
        }
      }),
    );
  });
});

describe('tokensOf', () => {
  it('gives the elements of lists over several headers', () => {
    const { headers } = parsed('HTTP/1.1 200 OK', 'Connection: Keep-Alive, ,x', 'Connection: CLOSE');
    expect(tokensOf(headers, 'connection')).toEqual(['keep-alive', 'x', 'close']);
    expect(tokensOf(headers, 'absent')).toEqual([]);
  });
});
