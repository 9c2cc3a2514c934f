import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RequestFlags, requestOf } from './request-flags.ts';

const LINK = 'https://images.example/web.vmdk.tar.gz?sign=secret';
const ask = (flags: RequestFlags, kind: 'instance' | 'data' = 'data') => {
  return requestOf({ kind, link: LINK, target: kind === 'data' ? 'v-1' : 'i-1', flags });
};

describe('what is asked of the service', () => {
  it('is the image and its target, with a name that has nothing of what is secret', async () => {
    expect(await ask({})).toEqual({
      name: 'web.vmdk.tar.gz',
      kind: 'data',
      images: [{ source: { link: LINK, pathStyle: false }, target: { volume: 'v-1' } }],
      options: {},
    });
  });

  it('puts further images of an instance migration onto volumes of the instance', async () => {
    const { images } = await ask({ data: ['v-2=https://images.example/a=b', 'v-3=s3://b/k'] }, 'instance');
    expect(images.map(({ source, target }) => [source.link, target])).toEqual([
      [LINK, { instance: 'i-1' }],
      ['https://images.example/a=b', { volume: 'v-2', instance: 'i-1' }],
      ['s3://b/k', { volume: 'v-3', instance: 'i-1' }],
    ]);
  });

  it('takes options in the units that people type', async () => {
    const flags = {
      bandwidth: '50M',
      at: '2026-12-01T02:00+09:00',
      priority: '-5',
      verify: 'full',
      accept: ['a', 'b'],
    };
    expect((await ask({ ...flags, ifRunning: 'stop', start: true }, 'instance')).options).toEqual({
      runningInstance: 'stop',
      startAfterwards: true,
      verify: 'full',
      bandwidth: 50 * 2 ** 20,
      notBefore: Date.UTC(2026, 10, 30, 17),
      priority: -5,
      accept: ['a', 'b'],
    });
  });

  it('reads keys from a file, so that they stand in no list of processes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'diskferry-keys-'));
    const file = join(folder, 'keys');
    await writeFile(file, 'accessKeyId = AK\nsecretAccessKey=a+b/c==\n');
    const { images } = await ask({ credentials: file, header: ['X-Key: one:two'] });
    expect(images[0]?.source).toMatchObject({
      credentials: { accessKeyId: 'AK', secretAccessKey: 'a+b/c==' },
      headers: { 'X-Key': 'one:two' },
    });
    await writeFile(file, 'accessKeyId=AK\n');
    await expect(ask({ credentials: file })).rejects.toThrow('has no accessKeyId= and secretAccessKey= lines');
    await rm(folder, { recursive: true });
  });

  it.each([
    [{ data: ['v-2'] }, '--data is v-2; VOLUME=LINK is wanted'],
    [{ ifRunning: 'kill' }, '--if-running is kill; refuse, stop, force are known'],
    [{ verify: 'yes' }, '--verify is yes; none, written, full are known'],
    [{ at: 'tomorrow' }, '--at is tomorrow'],
    [{ priority: 'high' }, '--priority is high'],
    [{ bandwidth: 'fast' }, '--bandwidth is fast'],
    [{ header: ['nonsense'] }, '--header wants "Name: value"'],
    [{ credentials: '/nowhere/keys' }, '--credentials: /nowhere/keys cannot be read'],
  ])('refuses %j', async (flags, message) => {
    await expect(ask(flags)).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(message) });
  });
});
