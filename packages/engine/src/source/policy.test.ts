import { describe, expect, it } from 'vitest';
import { collect } from '../../testing/memory-bytes.ts';
import { startTestServer } from '../../testing/test-server.ts';
import { checkedLookup, type ResolvedAddress } from './http/connect.ts';
import { openSource, type OpenOptions } from './open-source.ts';
import { COMMAND_POLICY, isPublicAddress, SERVICE_POLICY } from './policy.ts';

const OPTIONS: OpenOptions = { retry: { baseMs: 1, capMs: 1, attempts: 2, firstAttempts: 2 } };
const STRANGERS: OpenOptions = { ...OPTIONS, policy: { ...SERVICE_POLICY, requireValidator: false } };
const OBJECT = { content: new Uint8Array(100), etag: '"e"' };

const at = (address: string): ResolvedAddress => ({ address, family: address.includes(':') ? 6 : 4 });

const privately = async () => [at('10.0.0.1'), at('192.168.0.1')];
const toLoopback = async () => [at('127.0.0.1')];

async function identify(link: string, options: OpenOptions): Promise<unknown> {
  await using source = openSource(link, options);
  return await source.identify();
}

describe('addresses', () => {
  it.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '10.0.0.1',
    '172.16.9.9',
    '192.168.1.1',
    '127.0.0.1',
    '127.9.9.9',
    '169.254.169.254',
    '0.0.0.0',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'ff02::1',
    'nonsense',
    '',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('a source that trusts no host', () => {
  it.each([
    '127.0.0.1',
    'localhost',
    '[::ffff:127.0.0.1]',
    '0x7f.1',
    '2130706433',
    '0.0.0.0',
    '169.254.169.254',
    '[::1]',
    '[fe80::1]',
    '10.1.2.3',
    '017700000001',
    '127.0.0.1.',
  ])('does not connect to %s', async (host) => {
    await using server = await startTestServer();
    server.serve('/d', OBJECT);
    const failed = expect(identify(`http://${host}:${server.port}/d`, STRANGERS)).rejects;
    await failed.toMatchObject({ code: 'source-address', hint: expect.stringContaining('--allow-private') });
    expect(server.requests).toHaveLength(0);
  });

  it('connects to a host that the administrator lists', async () => {
    await using server = await startTestServer();
    const policy = { ...SERVICE_POLICY, allowHosts: ['LOCALHOST', '127.0.0.1'] };
    expect(await identify(server.serve('/d', OBJECT), { ...OPTIONS, policy })).toMatchObject({ size: 100 });
  });

  it('connects into a range that the administrator lists, and to nothing beside it', async () => {
    await using server = await startTestServer();
    server.serve('/d', OBJECT);
    const policy = { ...SERVICE_POLICY, allowRanges: ['127.0.0.0/31'] };
    const options = { ...OPTIONS, policy };
    for (const host of ['127.0.0.1', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]']) {
      expect(await identify(`http://${host}:${server.port}/d`, options)).toMatchObject({ size: 100 });
    }
    expect(await identify(`http://any.test:${server.port}/d`, { ...options, resolve: toLoopback })).toBeDefined();
    const before = server.requests.length;
    for (const host of ['127.0.0.2', '0x7f.2', '[::ffff:127.0.0.2]', '[::1]', '169.254.169.254', '10.0.0.1']) {
      await expect(identify(`http://${host}:${server.port}/d`, options)).rejects.toMatchObject({
        code: 'source-address',
      });
    }
    const elsewhere = identify(`http://any.test:${server.port}/d`, { ...options, resolve: privately });
    await expect(elsewhere).rejects.toMatchObject({ code: 'source-address' });
    expect(server.requests).toHaveLength(before);
  });

  it('follows a redirect into the listed range only', async () => {
    await using server = await startTestServer();
    const link = server.serve('/d', OBJECT);
    const policy = { ...SERVICE_POLICY, allowRanges: ['127.0.0.1/32'] };
    server.fault({ kind: 'redirect', to: `http://0x7f.2:${server.port}/d` });
    await expect(identify(link, { ...OPTIONS, policy })).rejects.toMatchObject({ code: 'source-address' });
    server.fault({ kind: 'redirect', to: `http://0x7f.1:${server.port}/d` });
    expect(await identify(link, { ...OPTIONS, policy })).toMatchObject({ size: 100 });
  });

  it('refuses a server without a validator', async () => {
    await using server = await startTestServer();
    const link = server.serve('/d', { content: new Uint8Array(10) });
    const policy = { ...SERVICE_POLICY, allowHosts: ['127.0.0.1'] };
    await expect(identify(link, { ...OPTIONS, policy })).rejects.toMatchObject({ code: 'source-unpinned' });
  });

  it('refuses a name that has only private addresses', async () => {
    await using server = await startTestServer();
    const failed = expect(
      identify(`http://private.test:${server.port}/d`, { ...STRANGERS, resolve: privately }),
    ).rejects;
    await failed.toMatchObject({ code: 'source-address', message: expect.stringContaining('10.0.0.1') });
  });
});

describe('redirect to 169.254.169.254, ::1, 10/8, decimal IP, file:, ftp:, http from https', () => {
  const elsewhere = [
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]:PORT/d',
    'http://10.0.0.1/',
    'http://[::ffff:169.254.169.254]/',
    'http://2130706433:PORT/d',
    'http://0x7f.1:PORT/d',
    'http://localhost:PORT/d',
  ];

  it.each(elsewhere)('is not followed to %s', async (to) => {
    await using server = await startTestServer();
    // The typed host is a name for the loopback; the redirect spells the loopback in other ways.
    server.serve('/d', OBJECT);
    server.fault({ kind: 'redirect', to: to.replace('PORT', String(server.port)) }, { times: 100 });
    const failed = expect(identify(`http://typed.test:${server.port}/d`, { ...OPTIONS, resolve: toLoopback })).rejects;
    await failed.toMatchObject({ code: 'source-address', hint: expect.stringContaining('--allow-private') });
    expect(server.requests).toHaveLength(1);
  });

  it('is followed where private addresses are allowed', async () => {
    await using server = await startTestServer({ host: '127.0.0.1' });
    await using other = await startTestServer({ host: '127.0.0.2' });
    const link = server.serve('/d', OBJECT);
    const to = other.serve('/e', { ...OBJECT, content: new Uint8Array(7) });
    server.fault({ kind: 'redirect', to }, { times: 100 });
    await expect(identify(link, OPTIONS)).rejects.toMatchObject({ code: 'source-address' });
    const policy = { allowNamedHost: true, allowPrivate: true };
    expect(await identify(link, { ...OPTIONS, policy })).toMatchObject({ size: 7 });
  });

  it.each(['file:///etc/passwd', 'ftp://127.0.0.1/x', 'gopher://x/', 'javascript:1', 'http://', 'https://[bad/'])(
    'is not followed to %s',
    async (to) => {
      await using server = await startTestServer();
      const link = server.serve('/d', OBJECT);
      server.fault({ kind: 'redirect', to }, { times: 100 });
      await expect(identify(link, OPTIONS)).rejects.toMatchObject({ code: 'source-redirect' });
    },
  );

  it('is followed three times and not four', async () => {
    await using server = await startTestServer();
    const link = server.serve('/d', OBJECT);
    server.fault({ kind: 'redirect', to: '/d', status: 308 }, { times: 3 });
    expect(await identify(link, OPTIONS)).toMatchObject({ size: 100 });
    server.fault({ kind: 'redirect', to: '/d' }, { times: 4 });
    await expect(identify(link, OPTIONS)).rejects.toMatchObject({ code: 'source-redirect' });
  });

  it('does not carry credentials and headers to another host', async () => {
    await using server = await startTestServer({ host: '127.0.0.1' });
    await using other = await startTestServer({ host: '127.0.0.2' });
    const link = server.serve('/d', OBJECT).replace('//', '//me:secret@');
    other.serve('/d', OBJECT);
    server.fault({ kind: 'redirect', to: '/d' });
    server.fault({ kind: 'redirect', to: `${other.origin}/d` });
    const policy = { allowNamedHost: true, allowPrivate: true };
    await identify(link, { ...OPTIONS, policy, headers: { 'x-token': 'secret', cookie: 'a=b' } });
    expect(server.requests[1]?.headers).toMatchObject({ authorization: expect.any(String), 'x-token': 'secret' });
    expect(Object.keys(other.requests[0]?.headers ?? {}).toSorted()).toEqual(
      ['accept', 'accept-encoding', 'connection', 'host', 'range', 'user-agent'].filter(
        (name) => other.requests[0]?.headers[name] !== undefined,
      ),
    );
    expect(JSON.stringify(other.requests)).not.toContain('secret');
  });

  it('remembers where it led, and asks again at the start when that has expired', async () => {
    await using server = await startTestServer();
    const link = server.serve('/d', OBJECT);
    server.serve('/final', OBJECT);
    server.fault({ kind: 'redirect', to: '/final?once' }, { when: ({ path }) => path === '/d', times: 2 });
    await using source = openSource(link, OPTIONS);
    const identity = await source.identify();
    await collect(await source.stream({ expect: identity }));
    expect(server.requests.map(({ path }) => path)).toEqual(['/d', '/final?once', '/final?once']);
    server.fault({ kind: 'status', status: 403 }, { when: ({ path }) => path === '/final?once' });
    expect(await collect(await source.stream({ expect: identity }))).toHaveLength(100);
    expect(server.requests.slice(3).map(({ path }) => path)).toEqual(['/final?once', '/d', '/final?once']);
  });
});

describe('DNS rebinding: first answer public, second 127.0.0.1', () => {
  it('lets a second answer lead into a listed range, and into no other', async () => {
    const answers = [[at('8.8.8.8')], [at('10.0.0.1'), at('127.0.0.1')], [at('127.0.0.1')]];
    const lookup = checkedLookup({
      policy: { ...SERVICE_POLICY, allowRanges: ['10.0.0.0/8'] },
      named: 'rebound.test',
      connectMs: 1,
      resolve: async () => answers.shift() ?? [],
    });
    const look = (): Promise<unknown> =>
      new Promise((resolve, reject) => {
        lookup('rebound.test', { all: true }, (error, found) => (error === null ? resolve(found) : reject(error)));
      });
    expect(await look()).toEqual([at('8.8.8.8')]);
    expect(await look()).toEqual([at('10.0.0.1')]);
    await expect(look()).rejects.toMatchObject({ code: 'source-address' });
  });

  it('connects only to the address that was checked', async () => {
    await using server = await startTestServer();
    server.serve('/d', OBJECT);
    const answers = [at('127.0.0.1')];
    let asked = 0;
    const resolve = async () => {
      asked++;
      return answers;
    };
    const failed = expect(identify(`http://rebound.test:${server.port}/d`, { ...STRANGERS, resolve })).rejects;
    await failed.toMatchObject({ code: 'source-address' });
    expect(asked).toBe(1);
    expect(server.requests).toHaveLength(0);
  });

  it('does not follow a named host from a public to a private address', async () => {
    const answers = [[at('8.8.8.8')], [at('127.0.0.1')], [at('10.0.0.1'), at('8.8.4.4')]];
    const lookup = checkedLookup({
      policy: COMMAND_POLICY,
      named: 'rebound.test',
      connectMs: 1,
      resolve: async () => answers.shift() ?? [],
    });
    const look = (): Promise<unknown> =>
      new Promise((resolve, reject) => {
        lookup('rebound.test', { all: true }, (error, found) => (error === null ? resolve(found) : reject(error)));
      });
    expect(await look()).toEqual([at('8.8.8.8')]);
    await expect(look()).rejects.toMatchObject({ code: 'source-address' });
    expect(await look()).toEqual([at('8.8.4.4')]);
    await expect(look()).rejects.toMatchObject({ code: 'source-unreachable' });
  });
});
