import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect } from '../../../testing/memory-bytes.ts';
import { startNginx } from '../../../testing/nginx.ts';
import { sourceConformance } from '../../../testing/source-conformance.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { startTestServer } from '../../../testing/test-server.ts';
import { hasTool } from '../../../testing/tools.ts';
import { openSource } from '../open-source.ts';
import { rangedBytes } from '../ranged-bytes.ts';

sourceConformance('an object behind HTTP', async (content) => {
  const server = await startTestServer();
  const object = { content, etag: '"one"' };
  const link = server.serve('/a disk.img', object).replace('//', '//user:hunter2@');
  return {
    source: openSource(`${link}?token=hunter3`),
    change: async (other) => void Object.assign(object, { content: other, etag: '"two"' }),
    secrets: ['user', 'hunter2', 'hunter3'],
    dispose: () => server[Symbol.asyncDispose](),
  };
});

sourceConformance('an object with a date only, on a server that ignores conditions', async (content) => {
  const server = await startTestServer();
  const object = { content, lastModified: 'Sun, 22 Nov 2026 19:51:00 GMT', conditions: false };
  return {
    source: openSource(server.serve('/disk.img', object)),
    change: async (other) =>
      void Object.assign(object, { content: other, lastModified: 'Sun, 22 Nov 2026 19:52:00 GMT' }),
    dispose: () => server[Symbol.asyncDispose](),
  };
});

sourceConformance('an object without ranges', async (content) => {
  const server = await startTestServer();
  const object = { content, etag: '"one"', ranges: false };
  return {
    source: openSource(server.serve('/disk.img', object)),
    change: async (other) => void Object.assign(object, { content: other, etag: '"two"' }),
    dispose: () => server[Symbol.asyncDispose](),
  };
});

describe.skipIf(!hasTool('nginx'))('nginx [needs nginx]', async () => {
  const folder = await tempFolder();
  let made = 0;
  sourceConformance('a file behind nginx', async (content) => {
    const name = `disk-${made++}.img`;
    await writeFile(join(folder, name), content);
    const nginx = await startNginx(folder);
    return {
      source: openSource(`${nginx.origin}/${name}`),
      change: async (other) => {
        await writeFile(join(folder, name), other.subarray(1));
        await writeFile(join(folder, name), other);
        await utimes(join(folder, name), 1, 1);
      },
      dispose: () => nginx[Symbol.asyncDispose](),
    };
  });
});

describe('HttpSource', () => {
  it('asks by GET alone and never for an encoding', async () => {
    await using server = await startTestServer();
    await using source = openSource(server.serve('/d', { content: new Uint8Array(10), etag: '"e"' }));
    await source.identify();
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      headers: { range: 'bytes=0-0', 'accept-encoding': 'identity' },
    });
  });

  it('reads one byte of a ranged object and keeps the connection', async () => {
    await using server = await startTestServer();
    await using source = openSource(server.serve('/d', { content: new Uint8Array(1000), etag: '"e"' }));
    for (let turn = 0; turn < 6; turn++) await source.identify();
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('closes its connections when it is disposed', async () => {
    await using server = await startTestServer();
    const source = openSource(server.serve('/d', { content: new Uint8Array(1000), etag: '"e"' }));
    await source.identify();
    await source[Symbol.asyncDispose]();
    await expect.poll(() => server.connections).toBe(0);
  });

  it('does not insist on a name that cannot be resolved', async () => {
    let asked = 0;
    const resolve = async (): Promise<never> => {
      asked++;
      throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    };
    await using source = openSource('http://nowhere.test/d', { resolve });
    await expect(source.identify()).rejects.toMatchObject({ code: 'source-unreachable', retry: 'later' });
    expect(asked).toBe(1);
  });

  it('tries a refused connection again, a few times', async () => {
    const server = await startTestServer();
    const link = server.serve('/d', { content: new Uint8Array(1) });
    await server[Symbol.asyncDispose]();
    const attempts: number[] = [];
    const onRetry = ({ attempt }: { attempt: number }): void => void attempts.push(attempt);
    await using source = openSource(link, { retry: { baseMs: 1, onRetry } });
    await expect(source.identify()).rejects.toMatchObject({ code: 'source-unreachable', retry: 'now' });
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('streams an object whose size is told by nobody', async () => {
    await using server = await startTestServer();
    const object = { content: new Uint8Array(100_000), etag: '"e"', ranges: false, length: false };
    await using source = openSource(server.serve('/d', object));
    const identity = await source.identify();
    expect(identity).toEqual({ size: undefined, ranged: false, etag: '"e"' });
    expect(await collect(await source.stream({ expect: identity }))).toHaveLength(100_000);
    expect(() => rangedBytes(source, identity)).toThrow(expect.objectContaining({ code: 'source-no-ranges' }));
  });
});
