import { setTimeout as sleep } from 'node:timers/promises';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../packages/engine/testing/free-port.ts';
import { startObjectStore, KEYS, type ObjectStore } from '../../packages/engine/testing/object-store.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { begin, diskferry, type Finished, type How } from '../parts/command.ts';
import { sampleDisk } from '../parts/sample-disk.ts';

const SECRET = 'PLANTED/secret+7f3a';
const SIZE = 8 * 1024 * 1024;

/** Everything that the run says or leaves behind, with the places where secrets were planted. */
async function saidBy(args: readonly string[], how: How = {}): Promise<Finished> {
  const finished = await diskferry(args, how);
  const said = finished.stdout + finished.stderr;
  for (const secret of [SECRET, encodeURIComponent(SECRET), Buffer.from(`me:${SECRET}`).toString('base64')]) {
    expect(said).not.toContain(secret);
  }
  return finished;
}

describe('no secret is ever said', async () => {
  const folder = await tempFolder();
  const state = join(folder, 'state');
  let store: ObjectStore;

  beforeAll(async () => {
    store = await startObjectStore('s3');
    store.put('/bucket/disk.raw', { content: sampleDisk(10, SIZE), etag: '"one"' });
  });
  afterAll(() => store[Symbol.asyncDispose]());

  const keys = ['--access-key', KEYS.accessKeyId, '--secret-key'];
  const s3 = (): string[] => ['--endpoint', store.origin, '--region', 'here', '--path-style'];

  for (const json of [[], ['--json']]) {
    const kind = json.length > 0 ? 'as JSON' : 'in words';

    it(`a secret key that the store refuses, ${kind}`, async () => {
      const copy = ['copy', 's3://bucket/disk.raw', join(folder, 'a'), '--create', ...s3(), ...keys, SECRET, ...json];
      const finished = await saidBy(copy);
      expect(finished.code).toBe(1);
      expect(finished.stderr).toContain('source-denied');
    });

    it(`a password in a link, ${kind}`, async () => {
      const link = `http://me:${encodeURIComponent(SECRET)}@127.0.0.1:${store.port}/bucket/disk.raw`;
      for (const verb of [
        ['inspect', link],
        ['copy', link, join(folder, 'b'), '--create'],
      ]) {
        expect((await saidBy([...verb, ...json])).code).toBe(1);
      }
    });

    it(`the signature of a presigned link to nowhere, ${kind}`, async () => {
      const port = await freePort();
      const query = `X-Amz-Credential=AKID&X-Amz-Signature=${encodeURIComponent(SECRET)}&X-Amz-Expires=60`;
      const finished = await saidBy(['inspect', `http://127.0.0.1:${port}/disk.raw?${query}`, ...json]);
      expect(finished.code).toBe(1);
      expect(finished.stderr).toContain('source-unreachable');
    });

    it(`a header with a token, ${kind}`, async () => {
      const link = `${store.origin}/bucket/nothing.raw`;
      expect((await saidBy(['inspect', link, '--header', `authorization: Bearer ${SECRET}`, ...json])).code).toBe(1);
    });

    it(`a link that cannot be read, ${kind}`, async () => {
      expect((await saidBy(['inspect', `http://me:${SECRET}@:bad:/disk`, ...json])).code).toBe(2);
    });
  }

  it('keys from the environment open the object, and neither report nor checkpoint has them', async () => {
    const env = {
      AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
      AWS_SESSION_TOKEN: KEYS.sessionToken,
    };
    const copy = ['copy', 's3://bucket/disk.raw', join(folder, 'c'), '--create', '--json', '--state', state, ...s3()];
    const running = begin([...copy, '--bandwidth', '1M'], { env });
    while ((await stat(state).catch(() => undefined))?.size === undefined) await sleep(50);
    running.kill('SIGINT');
    expect((await running.finished).code).toBe(130);
    const checkpoint = await readFile(state, 'utf8');
    const finished = await diskferry(copy, { env });
    expect(finished.code, finished.stderr).toBe(0);
    for (const text of [checkpoint, finished.stdout, finished.stderr]) {
      for (const secret of Object.values(KEYS)) expect(text).not.toContain(secret);
    }
  });

  it('a configuration file that others may read is pointed out, and its keys are not', async () => {
    const path = join(folder, 'config.toml');
    await writeFile(path, `[s3]\naccessKeyId = "AKID"\nsecretAccessKey = "${SECRET}"\n`, { mode: 0o644 });
    const finished = await saidBy(['inspect', 's3://bucket/disk.raw', ...s3()], { env: { DISKFERRY_CONFIG: path } });
    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain('others may read');
  });
});
