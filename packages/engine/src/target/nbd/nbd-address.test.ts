import { describe, expect, it } from 'vitest';
import { parseNbdAddress } from './nbd-address.ts';

describe('parseNbdAddress()', () => {
  it('takes a host, a port and an export', () => {
    expect(parseNbdAddress('nbd://example.org/')).toMatchObject({ host: 'example.org', port: 10809, exportName: '' });
    expect(parseNbdAddress('nbd://[::1]:9/a%20b/c')).toMatchObject({ host: '::1', port: 9, exportName: 'a b/c' });
  });

  it('takes a unix socket', () => {
    const address = parseNbdAddress('nbd+unix:///disk?socket=/run/a%20b');
    expect(address).toMatchObject({ kind: 'unix', socket: '/run/a b', exportName: 'disk' });
  });

  it.each([
    'nbd:',
    'nbd:///x',
    'nbd://h:0/',
    'nbd://h:99999/',
    'nbd+unix:///x',
    'nbd+unix:///?socket=rel',
    'nbd+ssh://h/',
  ])('refuses %s', (text) => expect(() => parseNbdAddress(text)).toThrow(expect.objectContaining({ code: 'usage' })));

  it('refuses names that the protocol cannot carry', () => {
    expect(() => parseNbdAddress(`nbd://h/${'x'.repeat(4097)}`)).toThrow(/4097 bytes/);
    expect(() => parseNbdAddress('nbd://h/%00')).toThrow(/NUL/);
    expect(() => parseNbdAddress('nbd://h/%ff')).toThrow(/UTF-8/);
  });

  it('says by name that TLS is not spoken', () => {
    for (const text of ['nbds://h/', 'nbds+unix:///?socket=/s', 'nbd://user@h/']) {
      expect(() => parseNbdAddress(text)).toThrow(expect.objectContaining({ code: 'target-unsupported' }));
      expect(() => parseNbdAddress(text)).toThrow(/TLS/);
    }
  });
});
