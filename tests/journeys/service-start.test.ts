import { stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { diskferry } from '../parts/command.ts';
import { ServiceProcess } from '../parts/service-process.ts';

describe('a service that is started', async () => {
  const root = await tempFolder();
  const data = join(root, 'data');
  let service: ServiceProcess;

  beforeAll(async () => void (service = await ServiceProcess.start({ data })));
  afterAll(() => service[Symbol.asyncDispose]());

  it('lets one sign in by its link, once', async () => {
    const code = /\/sign-in#(\S+)/.exec(service.said.stdout)?.[1] ?? '';
    const ask = () => {
      const headers = { 'content-type': 'application/json' };
      return fetch(`${service.address}/api/v1/session`, { method: 'POST', headers, body: JSON.stringify({ code }) });
    };
    const first = await ask();
    expect(first.status).toBe(201);
    expect(await first.json()).toMatchObject({ name: 'admin', role: 'admin' });
    expect((await ask()).status).toBe(401);
  });

  it('keeps what it writes for its own user', async () => {
    for (const name of ['diskferry.db', 'local-token', 'secret.key', 'signing.key']) {
      expect((await stat(join(data, name))).mode & 0o077, name).toBe(0);
    }
  });

  it('says in one sentence why it cannot be started, and what to do', { timeout: 180_000 }, async () => {
    const port = new URL(service.address).port;
    const wrong = join(root, 'wrong.pem');
    await writeFile(wrong, 'no key, and no certificate');
    const other = { DISKFERRY_PORT: '0' };
    const starts = [
      [{ DISKFERRY_DATA: data, DISKFERRY_PORT: '0' }, 'folder-busy', 'another service works with'],
      [{ ...other, DISKFERRY_PORT: port }, 'address-in-use', port],
      [{ ...other, DISKFERRY_DATABASE: join(root, 'no', 'db') }, 'configuration-invalid', 'there is no folder'],
      [
        { ...other, DISKFERRY_TLS_KEY: wrong, DISKFERRY_TLS_CERTIFICATE: wrong },
        'configuration-invalid',
        'service.listen.key',
      ],
    ] as const;
    await Promise.all(
      starts.map(async ([env, code, words], index) => {
        const folder = { DISKFERRY_DATA: join(root, `other-${index}`) };
        const { code: exit, stdout, stderr } = await diskferry(['serve'], { env: { ...folder, ...env } });
        expect({ exit, stdout }, stderr).toEqual({ exit: 1, stdout: '' });
        expect(stderr).toMatch(/^diskferry: .+\n {2}.+\n {2}\[[a-z-]+\]\n$/);
        expect(stderr).toContain(`[${code}]`);
        expect(stderr).toContain(words);
      }),
    );
  });

  it('ends within seconds, whoever is connected', async () => {
    await using short = await ServiceProcess.start({ data: join(root, 'short') });
    const silent: Socket = connect(Number(new URL(short.address).port), '127.0.0.1');
    await once(silent, 'connect');
    const headers = { authorization: `Bearer ${short.token}` };
    const stream = await fetch(`${short.address}/api/v1/migrations/progress`, { headers });
    expect(stream.status).toBe(200);
    const begun = performance.now();
    expect((await short.end('SIGTERM')).code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(8000);
    silent.destroy();
  });
});
