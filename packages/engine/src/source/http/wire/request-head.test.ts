import { describe, expect, it } from 'vitest';
import { requestHead } from './request-head.ts';

const written = (link: string, headers: Record<string, string> = {}): string =>
  Buffer.from(requestHead({ url: new URL(link), headers })).toString('latin1');

describe('requestHead', () => {
  it('writes the origin form, the host with its port, and asks to keep the connection', () => {
    expect(written('http://h.test:8080/a%20b/%E6%97%A5?x=1;2&y', { range: 'bytes=0-0', accept: '*/*' })).toBe(
      'GET /a%20b/%E6%97%A5?x=1;2&y HTTP/1.1\r\nHost: h.test:8080\r\nConnection: keep-alive\r\n' +
        'range: bytes=0-0\r\naccept: */*\r\n\r\n',
    );
    expect(written('https://[2606:4700::1111]')).toMatch(/^GET \/ HTTP\/1\.1\r\nHost: \[2606:4700::1111\]\r\n/);
  });

  it('writes the bytes of a value as they are', () => {
    expect(requestHead({ url: new URL('http://h/'), headers: { a: '\t\xe9~' } }).indexOf(0xe9)).toBeGreaterThan(0);
  });

  it.each([
    ['a', 'b\r\nX: y'],
    ['a', 'b\rc'],
    ['a', 'b\nc'],
    ['a', 'b\0c'],
    ['a', '\u65e5'],
    ['a', '\x7f'],
    ['', 'b'],
    ['a b', 'c'],
    ['a:', 'c'],
    ['a\r\nb', 'c'],
    ['\xe9', 'c'],
    ['Host', 'other.test'],
    ['content-length', '5'],
    ['Transfer-Encoding', 'chunked'],
    ['connection', 'close'],
    ['expect', '100-continue'],
    ['upgrade', 'h2c'],
  ])('refuses the header %j: %j and does not repeat it', (name, value) => {
    const failed = expect(() => written('http://h.test/', { [name]: value }));
    failed.toThrow(expect.objectContaining({ code: 'usage', message: expect.stringContaining('h.test') }));
    failed.not.toThrow(expect.objectContaining({ message: expect.stringContaining('other.test') }));
  });
});
