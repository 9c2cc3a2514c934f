import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { startTestServer } from '../../packages/engine/testing/test-server.ts';
import { answerOf } from '../../packages/cli/src/service/call.ts';
import { MiB } from '../../packages/server/testing/local-cloud.ts';
import { bootableDisk } from '../../packages/server/testing/worker-content.ts';
import { filesBelow, leaksIn, planted } from '../parts/planted.ts';
import { makeVolume, migrate, until, type DataMigration } from '../parts/service-migrations.ts';
import { ServiceProcess } from '../parts/service-process.ts';

const SIZE = 8 * MiB;
const NAMES = ['signature', 'password', 'header', 'access', 'secretkey', 'session', 'token', 'new-signature'] as const;
const SECRETS = Object.fromEntries(NAMES.map((name) => [name, planted(name)])) as Record<
  (typeof NAMES)[number],
  string
>;
const EXPIRED = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';

const root = await tempFolder();

it('what opens a source, or the service, is written nowhere but sealed', { timeout: 120_000 }, async () => {
  await using server = await startTestServer();
  const content = bootableDisk(SIZE);
  const plain = server.serve('/bucket/disk.raw', { content, etag: '"one"' });
  const query = `X-Amz-Signature=${encodeURIComponent(SECRETS.signature)}`;
  const login = `ann:${encodeURIComponent(SECRETS.password)}@`;
  let isExpired = false;
  server.guard(({ path, headers }) => {
    if (path.includes('/gone')) return { status: 404, body: `no ${path} for ${JSON.stringify(headers)}` };
    return isExpired && path.includes(encodeURIComponent(SECRETS.signature))
      ? { status: 403, body: EXPIRED }
      : undefined;
  });
  const sources: readonly Pick<DataMigration, 'link' | 'source'>[] = [
    { link: `${plain}?${query}` },
    { link: plain.replace('//', `//${login}`) },
    { link: plain, source: { headers: { 'X-Secret': SECRETS.header } } },
    {
      link: 's3://bucket/disk.raw',
      source: {
        endpoint: server.origin,
        region: 'eu-central-1',
        credentials: {
          accessKeyId: SECRETS.access,
          secretAccessKey: SECRETS.secretkey,
          sessionToken: SECRETS.session,
        },
      },
    },
  ];
  const data = join(root, 'data');
  const secretKey = randomBytes(32).toString('base64');
  const env = { DISKFERRY_LOG_LEVEL: 'trace', DISKFERRY_SECRET_KEY: secretKey };
  const service = await ServiceProcess.start({ data, env });
  const { client } = service;
  const texts: string[] = [];
  const ids: string[] = [];
  for (const source of sources)
    ids.push(await migrate(service, { ...source, volume: await makeVolume(service, SIZE) }));
  for (const id of ids) await until(service, id, 'succeeded');

  // All of them sent what they were given.
  const received = JSON.stringify(server.requests);
  expect(leaksIn(received, { ...SECRETS, password: `ann:${SECRETS.password}` }).toSorted()).toEqual(
    ['access', 'header', 'password', 'session', 'signature'].toSorted(),
  );

  // What goes wrong tells nothing either.
  const volume = await makeVolume(service, SIZE);
  for (const { link, source } of sources) {
    const gone = link.replace('/disk.raw', '/gone.raw');
    texts.push(String(await migrate(service, { link: gone, volume, ...(source && { source }) }).catch(JSON.stringify)));
  }
  texts.push(await said('migrate', 'data', `ftp://${login}127.0.0.1/disk?${query}`, volume, '--yes'));
  texts.push(await said('migrate', 'data', `${plain.replace('//', `//${login}`)}x?${query}`, volume, '--yes'));
  const slow = await migrate(service, { link: `${plain}?${query}`, volume, options: { bandwidth: 1 * MiB } });
  await service.ask('migrations', 'pause', slow);
  await until(service, slow, 'paused');
  isExpired = true;
  await service.ask('migrations', 'resume', slow);
  await until(service, slow, ({ waitsFor }) => waitsFor === 'link');
  texts.push(await said('migrations', 'replace-link', slow, `${plain}?${query}`));
  texts.push(
    await said('migrations', 'replace-link', slow, `${plain}?s=${encodeURIComponent(SECRETS['new-signature'])}`),
  );
  texts.push(await said('users', 'create', 'bob', '--role', 'viewer'));
  await answerOf(client.POST('/api/v1/users', { body: { name: 'eve', role: 'viewer', password: SECRETS.password } }));
  const wrong = { name: 'eve', password: SECRETS.token };
  texts.push(await (await fetch(`${service.address}/api/v1/session`, json(wrong))).text());
  const token = await answerOf(client.POST('/api/v1/tokens', { body: { name: 'script', role: 'viewer' } }));

  for (const path of await paths([...ids, slow])) texts.push(await asked(path));
  texts.push(await said('migrations', 'list'), await said('migrations', 'show', slow), await said('audit'));
  texts.push(await said('migrations', 'events', slow, '--json'), await said('migrations', 'receipt', ids[0] ?? ''));
  const ended = await service.end('SIGTERM');
  expect(ended.code).toBe(0);
  texts.push(ended.stdout, ended.stderr);
  expect(ended.stderr.length, 'the log').toBeGreaterThan(1000);

  const all = { ...SECRETS, made: token.secret, key: secretKey };
  for (const text of texts) expect(leaksIn(text, all), text.slice(0, 2000)).toEqual([]);
  for (const { path, text } of await filesBelow(data)) expect(leaksIn(text, all), path).toEqual([]);

  async function said(...args: string[]): Promise<string> {
    const { stdout, stderr } = await service.run(...args);
    return stdout + stderr;
  }

  async function asked(path: string): Promise<string> {
    const headers = { authorization: `Bearer ${service.token}` };
    const response = await fetch(service.address + path, { headers });
    expect(response.status, path).toBe(200);
    return JSON.stringify([...response.headers]) + (await response.text());
  }
});

function json(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function paths(ids: readonly string[]): Promise<string[]> {
  const lists = ['migrations', 'volumes', 'instances', 'workers', 'users', 'tokens', 'audit', 'settings', 'session'];
  const each = ids.flatMap((id) => ['', '/events'].map((part) => `/api/v1/migrations/${id}${part}`));
  return [...lists.map((name) => `/api/v1/${name}`), ...each, `/api/v1/migrations/${ids[0]}/receipt`, '/metrics'];
}
