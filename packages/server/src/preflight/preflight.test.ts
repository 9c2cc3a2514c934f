import { readdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BOUNDS } from './inquiry.ts';
import {
  dataOf,
  evidenceIn,
  instanceOf,
  partitionedDisk,
  sceneWith,
  verdictIn,
} from '../../testing/preflight-scene.ts';
import {
  makeTar,
  MemorySource,
  seededBytes,
  startNginx,
  startTestServer,
  tempFolder,
  hasTool,
  type ServedObject,
} from '../../testing/served.ts';
import { imageSourceOpener } from '../sources/image-source-opener.ts';
import { preflight } from './preflight.ts';

const MiB = 1024 * 1024;
const DISK = partitionedDisk(8 * MiB);
const OBJECT: ServedObject = { content: DISK, etag: '"e"' };
const LINK = 'https://images.example/disk.img';
const faulty = () => Promise.reject(new TypeError('a fault'));
const never = (): Promise<never> => new Promise(() => undefined);

describe('a preflight', async () => {
  const folder = await tempFolder();

  it('of an instance with two disks finds everything, and changes nothing', async () => {
    await using server = await startTestServer();
    const links = ['/system.img', '/data.img'].map((path) => server.serve(path, OBJECT));
    const report = await preflight(instanceOf(links), sceneWith());
    expect(report.checks.filter(({ verdict, code }) => verdict !== 'pass' && !code.startsWith('guest-'))).toEqual([]);
    expect(new Set(report.checks.map((check) => check.image))).toEqual(new Set([null, 0, 1]));
    expect(report).toMatchObject({ label: 'provider:cloud', instanceRuns: false });
    expect(report.images.map(({ virtualSize }) => virtualSize)).toEqual([DISK.length, DISK.length]);
    expect(new Set(report.images.map(({ identity }) => identity)).size).toBe(2);
    expect(report.forecast).toMatchObject({ seconds: { low: 1, high: expect.any(Number) } });
    expect(server.requests.map(({ method }) => method)).not.toContain('HEAD');
    expect(server.sent, 'tables, and 4 MiB for the speed of each').toBeLessThan(11 * MiB);
    await expect.poll(() => server.connections).toBe(0);
  });

  it('asks earlier migrations how fast the host is, and then reads nothing for it', async () => {
    await using server = await startTestServer();
    const hosts: string[] = [];
    const measuredSpeed = async (host: string) => (hosts.push(host), 5e6);
    const report = await preflight(dataOf({ link: server.serve('/disk.img', OBJECT) }), sceneWith({ measuredSpeed }));
    expect(hosts).toEqual([`127.0.0.1:${server.port}`]);
    expect(report.forecast?.basis.from).toBe('earlier');
    expect(server.sent).toBeLessThan(3 * MiB);
  });

  it('has each source opened for its image, as the request has it', async () => {
    const request = instanceOf([LINK, LINK], {});
    const given: unknown[] = [];
    const openSource = async (source: unknown, image: number) => {
      given[image] = source;
      return new MemorySource('disk.img', DISK);
    };
    await preflight(request, sceneWith({ openSource }));
    expect(given[0]).toBe(request.images[0]?.source);
    expect(given[1]).toBe(request.images[1]?.source);
  });

  it.skipIf(!hasTool('nginx'))('reads from a real server [needs nginx]', async () => {
    await writeFile(join(folder, 'disk.img'), DISK);
    await using nginx = await startNginx(folder);
    const report = await preflight(dataOf({ link: `${nginx.origin}/disk.img` }), sceneWith());
    expect(report.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(evidenceIn(report, 'object-pinned')).toMatch(/^ETag "[0-9a-f-]+", Last-Modified /);
    const missing = await preflight(dataOf({ link: `${nginx.origin}/none.img` }), sceneWith());
    expect(verdictIn(missing, 'link-not-found')).toBe('block');
  });

  it('measures a slow server for a short time only', async () => {
    await using server = await startTestServer();
    const link = server.serve('/disk.img', OBJECT);
    server.fault({ kind: 'stall', after: 100_000 }, { when: ({ headers }) => headers['range'] === 'bytes=0-4194303' });
    const began = performance.now();
    const report = await preflight(dataOf({ link }), sceneWith(), { ...BOUNDS, speedMs: 300 });
    expect(performance.now() - began).toBeLessThan(5000);
    expect(report.forecast?.seconds.low).toBeGreaterThan(10);
  });
});

describe('what lies outside', async () => {
  const files = await tempFolder();

  it.each(['head', 'body'] as const)('may drip its %s: the preflight ends in time', async (part) => {
    await using server = await startTestServer();
    const link = server.serve('/disk.img', OBJECT);
    const when = ({ headers }: { headers: Record<string, string | undefined> }) =>
      part === 'head' || headers['range'] !== 'bytes=0-0';
    server.fault({ kind: 'drip', part, everyMs: 20 }, { times: 100, when: when as never });
    const began = performance.now();
    const report = await preflight(dataOf({ link }), sceneWith(), { ...BOUNDS, totalMs: 700 });
    expect(performance.now() - began).toBeLessThan(4000);
    const code = part === 'head' ? 'link-readable' : 'image-recognised';
    expect(verdictIn(report, code)).toBe('unknown');
    expect(evidenceIn(report, code)).toContain('took too long');
    expect(report.forecast).toBeNull();
    await expect.poll(() => server.connections).toBe(0);
  });

  it('may send without an end: only so much is read', async () => {
    const archive = makeTar([{ name: 'notes', content: seededBytes(1, 12 * MiB) }]);
    await using server = await startTestServer();
    const link = server.serve('/disk.tar.gz', { ...OBJECT, content: gzipSync(archive, { level: 0 }), ranges: false });
    const report = await preflight(dataOf({ link }), sceneWith(), { ...BOUNDS, bytes: 2 * MiB });
    expect(evidenceIn(report, 'image-recognised')).toContain('without coming to an end');
    await expect.poll(() => server.connections).toBe(0);
  });

  it('may claim a table of terabytes: it is refused, and not allocated', async () => {
    const header = Buffer.alloc(MiB);
    header.write('QFI\xfb', 0, 'latin1');
    header.writeUInt32BE(3, 4);
    header.writeUInt32BE(16, 20);
    header.writeBigUInt64BE(2n ** 60n, 24);
    header.writeUInt32BE(0xffffffff, 36);
    header.writeBigUInt64BE(65536n, 40);
    header.writeUInt32BE(4, 96);
    header.writeUInt32BE(104, 100);
    const openSource = async () => new MemorySource('disk.qcow2', header);
    const before = process.memoryUsage.rss();
    const report = await preflight(dataOf({ link: LINK }), sceneWith({ openSource }));
    expect(verdictIn(report, 'image-usable')).toBe('block');
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * MiB);
  });

  it('may never answer: every look-up is unknown', async () => {
    const hanging = { findVolume: never, findInstance: never, openSource: never, lockedBy: never };
    const report = await preflight(instanceOf([LINK]), sceneWith(hanging), { ...BOUNDS, totalMs: 100 });
    for (const code of ['link-readable', 'volume-exists', 'instance-exists'] as const) {
      expect(verdictIn(report, code)).toBe('unknown');
    }
    expect(report).toMatchObject({ label: null, forecast: null, instanceRuns: false });
  });

  it('may open too late: what is opened then is closed', async () => {
    const { promise, resolve } = Promise.withResolvers<MemorySource>();
    await preflight(dataOf({ link: LINK }), sceneWith({ openSource: () => promise }), { ...BOUNDS, totalMs: 50 });
    const source = new MemorySource('disk.img', DISK);
    const closed = Promise.withResolvers<void>();
    source[Symbol.asyncDispose] = async () => closed.resolve();
    resolve(source);
    await closed.promise;
  });

  it('is closed after the look, files too', async () => {
    const path = join(files, 'disk.img');
    await writeFile(path, DISK);
    const open = imageSourceOpener({ allowHosts: [], allowRanges: [], folders: [files] });
    const scene = sceneWith({ openSource: (source) => open(source, { secret: null }) });
    const handles = async (): Promise<number> => {
      const names = await readdir('/proc/self/fd');
      const paths = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
      return paths.filter((found) => found === path).length;
    };
    const report = await preflight(dataOf({ link: `file://${path}` }), scene);
    expect(report.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(await handles()).toBe(0);
  });

  it('is looked at for a few images at once', async () => {
    let [open, most] = [0, 0];
    const openSource = async () => {
      most = Math.max(most, ++open);
      const source = new MemorySource('disk.img', DISK);
      source[Symbol.asyncDispose] = async () => void open--;
      return source;
    };
    const [image] = dataOf({ link: LINK }).images;
    const images = Array.from({ length: 30 }, (_, index) => ({
      source: { ...image!.source },
      target: { volume: `v-${index}`, instance: null },
    }));
    const report = await preflight({ ...dataOf({ link: LINK }), images }, sceneWith({ openSource }));
    expect(report.images).toHaveLength(30);
    expect([open, most]).toEqual([0, 4]);
  });
});

describe('whoever asks', () => {
  it('may stop it: nothing goes on then', async () => {
    await using server = await startTestServer();
    const link = server.serve('/disk.img', OBJECT);
    server.fault({ kind: 'stall', after: -1 }, { times: 100 });
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('enough')), 50);
    await expect(preflight(dataOf({ link }), sceneWith({ signal: abort.signal }))).rejects.toThrow('enough');
    await expect.poll(() => server.connections).toBe(0);
    await expect(preflight(dataOf({ link }), sceneWith({ signal: abort.signal }))).rejects.toThrow('enough');
  });

  it('hears of faults of the program', async () => {
    await expect(preflight(dataOf({ link: LINK }), sceneWith({ openSource: faulty }))).rejects.toThrow('a fault');
  });
});
