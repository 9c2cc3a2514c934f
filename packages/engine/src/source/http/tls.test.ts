import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../testing/temp.ts';
import { startTestServer } from '../../../testing/test-server.ts';
import { hasTool, run } from '../../../testing/tools.ts';
import { openSource } from '../open-source.ts';

async function meet(tls: object, ca?: string): Promise<unknown> {
  await using server = await startTestServer({ tls });
  const link = server.serve('/d', { content: new Uint8Array(5), etag: '"e"' });
  await using source = openSource(link, { ca, retry: { baseMs: 1, firstAttempts: 2 } });
  try {
    return await source.identify();
  } finally {
    expect(server.requests.length).toBeLessThanOrEqual(1);
  }
}

describe.skipIf(!hasTool('openssl'))('TLS: expired, wrong host, self-signed, 1.0 [needs openssl]', async () => {
  const folder = await tempFolder();

  async function certificate(name: string, alternative: string) {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
    const subject = ['-subj', '/CN=diskferry test', '-addext', `subjectAltName=${alternative}`];
    const fresh = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    await run('openssl', [...fresh, '-keyout', key, '-out', cert, ...subject], folder);
    return { key: await readFile(key, 'latin1'), cert: await readFile(cert, 'latin1') };
  }

  it('takes a certificate of an authority that is trusted', async () => {
    const good = await certificate('good', 'IP:127.0.0.1');
    expect(await meet(good, good.cert)).toMatchObject({ size: 5 });
  });

  it('refuses a self-signed one', async () => {
    const tls = await certificate('self', 'IP:127.0.0.1');
    await expect(meet(tls)).rejects.toMatchObject({ code: 'source-tls', retry: 'never' });
  });

  it('refuses one for another host', async () => {
    const tls = await certificate('other', 'DNS:other.test');
    await expect(meet(tls, tls.cert)).rejects.toMatchObject({ code: 'source-tls' });
  });

  it('refuses an expired one', async () => {
    const { key } = await certificate('late', 'IP:127.0.0.1');
    const [request, late] = [join(folder, 'late.csr'), join(folder, 'expired.crt')];
    const names = join(folder, 'late.ext');
    await writeFile(names, 'subjectAltName=IP:127.0.0.1\n');
    await run('openssl', ['req', '-new', '-key', join(folder, 'late.key'), '-subj', '/CN=late', '-out', request]);
    const own = ['-signkey', join(folder, 'late.key'), '-extfile', names, '-days', '-1'];
    await run('openssl', ['x509', '-req', '-in', request, ...own, '-out', late]);
    const cert = await readFile(late, 'latin1');
    const message = expect.stringContaining('CERT_HAS_EXPIRED');
    await expect(meet({ key, cert }, cert)).rejects.toMatchObject({ code: 'source-tls', message });
  });

  it('refuses TLS 1.0', async () => {
    const tls = await certificate('old', 'IP:127.0.0.1');
    const old = { ...tls, minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL@SECLEVEL=0' };
    await expect(meet(old, tls.cert)).rejects.toMatchObject({ code: 'source-tls' });
  });

  it('refuses a redirect from https to http', async () => {
    const tls = await certificate('down', 'IP:127.0.0.1');
    await using server = await startTestServer({ tls });
    const link = server.serve('/d', { content: new Uint8Array(5) });
    server.fault({ kind: 'redirect', to: link.replace('https', 'http') });
    await using source = openSource(link, { ca: tls.cert });
    await expect(source.identify()).rejects.toMatchObject({ code: 'source-redirect' });
  });

  it('goes on after a close without close_notify, by counting', async () => {
    const tls = await certificate('cut', 'IP:127.0.0.1');
    await using server = await startTestServer({ tls });
    const link = server.serve('/d', { content: new Uint8Array(50_000), etag: '"e"', length: false });
    await using source = openSource(link, { ca: tls.cert, retry: { baseMs: 1 } });
    const identity = await source.identify();
    server.fault({ kind: 'reset', after: 20_000 });
    let length = 0;
    for await (const chunk of await source.stream({ expect: identity })) length += chunk.length;
    expect(length).toBe(50_000);
  });
});
