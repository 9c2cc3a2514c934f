import { describe, expect, it } from 'vitest';
import { parseHead } from './answer-head.ts';
import type { Framing } from './framing.ts';
import { framingOf } from './framing-of.ts';
import { ProtocolError } from './protocol-error.ts';

const framing = (...lines: string[]): Framing =>
  framingOf(parseHead(Buffer.from([...lines, '', ''].join('\r\n'), 'latin1')));

describe('framingOf', () => {
  it('counts by Content-Length', () => {
    const counted = framing('HTTP/1.1 200 OK', 'Content-Length: 5');
    expect(counted).toMatchObject({ left: 5, ended: false, mayEndHere: false });
    const { body, used } = counted.take(Buffer.from('1234567'));
    expect([Buffer.from(body).toString(), used, counted.ended]).toEqual(['12345', 5, true]);
    expect(framing('HTTP/1.1 200 OK', 'Content-Length: 0').ended).toBe(true);
  });

  it('reads chunks, in any case of the word', () => {
    expect(framing('HTTP/1.1 200 OK', 'Transfer-Encoding: Chunked')).toMatchObject({ left: undefined, ended: false });
  });

  it('reads up to the end where nothing else is said', () => {
    for (const version of ['1.0', '1.1']) {
      expect(framing(`HTTP/${version} 200 OK`)).toMatchObject({ left: undefined, ended: false, mayEndHere: true });
    }
  });

  it('knows that 204 and 304 have no body', () => {
    expect(framing('HTTP/1.1 204 No Content').ended).toBe(true);
    expect(framing('HTTP/1.1 304 Not Modified', 'Content-Length: 500').ended).toBe(true);
  });

  it.each([
    ['two lengths that differ', 'HTTP/1.1', ['Content-Length: 5', 'Content-Length: 9']],
    ['two lengths that agree', 'HTTP/1.1', ['Content-Length: 5', 'Content-Length: 5']],
    ['a list of lengths', 'HTTP/1.1', ['Content-Length: 5, 5']],
    ['no length', 'HTTP/1.1', ['Content-Length:']],
    ['a negative length', 'HTTP/1.1', ['Content-Length: -1']],
    ['a signed length', 'HTTP/1.1', ['Content-Length: +1']],
    ['a length in hex', 'HTTP/1.1', ['Content-Length: 0x10']],
    ['a length beyond 2^53', 'HTTP/1.1', ['Content-Length: 9007199254740992']],
    ['a length of 20 digits', 'HTTP/1.1', ['Content-Length: 00000000000000000005']],
    ['a length and chunks', 'HTTP/1.1', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['chunks of HTTP/1.0', 'HTTP/1.0', ['Transfer-Encoding: chunked']],
    ['another coding', 'HTTP/1.1', ['Transfer-Encoding: gzip']],
    ['another coding and chunks', 'HTTP/1.1', ['Transfer-Encoding: gzip, chunked']],
    ['chunks twice', 'HTTP/1.1', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    ['chunks not last', 'HTTP/1.1', ['Transfer-Encoding: chunked, identity']],
    ['identity', 'HTTP/1.1', ['Transfer-Encoding: identity']],
    ['an empty coding', 'HTTP/1.1', ['Transfer-Encoding:']],
  ])('refuses %s', (_what, version, lines) => {
    expect(() => framing(`${version} 200 OK`, ...lines)).toThrow(ProtocolError);
  });
});
