import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '@diskferry/engine';
import { dataOf, evidenceIn, partitionedDisk, sceneWith, verdictIn } from '../../testing/preflight-scene.ts';
import { fixedVhd, makeQcow2, makeTar, startTestServer, tablesFirst } from '../../testing/served.ts';
import type { ImageSource } from '../migrations/migration.ts';
import { check } from './check.ts';
import { imageFailed } from './image-checks.ts';
import { preflight } from './preflight.ts';
import type { PreflightReport } from './report.ts';

const MiB = 1024 * 1024;
const DISK = partitionedDisk(2 * MiB);
const QCOW2 = makeQcow2({ disk: DISK, clusterBits: 16, kindOf: () => 'plain', order: tablesFirst });
const VHD = fixedVhd(DISK);

async function look(
  name: string,
  content: Uint8Array,
  source: Partial<ImageSource> = {},
  served: { ranges?: boolean } = {},
): Promise<PreflightReport> {
  await using server = await startTestServer();
  const link = server.serve(`/${name}`, { content, etag: '"e"', ...served });
  const report = await preflight(dataOf({ link, ...source }), sceneWith());
  await expect.poll(() => server.connections, { message: 'connections left open' }).toBe(0);
  return report;
}

describe('an image', () => {
  it.each([
    ['disk.img', DISK, 'raw'],
    ['disk.qcow2', QCOW2, 'qcow2'],
    ['disk.vhd', VHD, 'vhd'],
    ['disk.tar.gz', gzipSync(makeTar([{ name: 'disk.qcow2', content: QCOW2 }])), 'gzip tar qcow2'],
  ])('%s is known by its layers', async (name, content, layers) => {
    const report = await look(name, content);
    expect(verdictIn(report, 'image-recognised')).toBe('pass');
    expect(report.images[0]?.layers.map((layer) => layer.name).join(' ')).toBe(layers);
    expect(report.images[0]).toMatchObject({ fileSize: content.length, virtualSize: DISK.length });
    expect(evidenceIn(report, 'disk-size-known')).toContain('2097152 bytes (2 MiB)');
  });

  it('that is a page blocks', async () => {
    const report = await look('index.html', Buffer.from('<!doctype html><title>Sign in</title>'.padEnd(4096)));
    expect(verdictIn(report, 'image-recognised')).toBe('block');
    expect(report.images[0]?.identity).not.toBeNull();
  });

  it('that is damaged blocks, with what the engine says helps', async () => {
    const damaged = QCOW2.slice();
    damaged.set([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0], 40);
    const report = await look('disk.qcow2', damaged);
    expect(report.checks.find(({ code }) => code === 'image-usable')).toMatchObject({
      verdict: 'block',
      evidence: expect.stringMatching(/\(image-[a-z]+\)$/),
      remedy: expect.any(String),
    });
    expect(verdictIn(await look('disk.qcow2', QCOW2), 'image-usable')).toBeUndefined();
  });

  it('of another format than declared blocks, and vpc is VHD', async () => {
    expect(verdictIn(await look('disk.vhd', VHD, { format: 'vpc' }), 'format-as-declared')).toBe('pass');
    expect(verdictIn(await look('disk.vhd', VHD, { format: 'qcow2' }), 'format-as-declared')).toBe('block');
    expect(verdictIn(await look('disk.vhd', VHD), 'format-as-declared')).toBeUndefined();
  });

  it('in an archive with several disks needs its name', async () => {
    const archive = makeTar([
      { name: 'system.qcow2', content: QCOW2 },
      { name: 'data.vhd', content: VHD },
    ]);
    const several = await look('both.tar', archive);
    expect(verdictIn(several, 'member-chosen')).toBe('block');
    expect(evidenceIn(several, 'member-chosen')).toMatch(/system\.qcow2.*data\.vhd/);
    expect(verdictIn(await look('both.tar', archive, { member: 'data.vhd' }), 'member-chosen')).toBe('pass');
    expect(verdictIn(await look('both.tar', archive, { member: 'other' }), 'member-chosen')).toBe('block');
  });

  it('warns where its size is known only at its end', async () => {
    const report = await look('disk.img.gz', gzipSync(DISK));
    expect(verdictIn(report, 'disk-size-known')).toBe('warn');
    expect(report.images[0]?.virtualSize).toBeNull();
    expect(verdictIn(report, 'disk-fits')).toBeUndefined();
  });

  it('warns where a crash means reading the package again', async () => {
    const packed = gzipSync(QCOW2);
    expect(verdictIn(await look('d.qcow2.gz', packed), 'copy-goes-on')).toBe('pass');
    expect(evidenceIn(await look('d.qcow2.zst', zstdCompressSync(QCOW2)), 'copy-goes-on')).toContain('frames');
    expect(verdictIn(await look('d.qcow2.gz', packed, {}, { ranges: false }), 'copy-goes-on')).toBe('warn');
    const checksum = `md5:${'0'.repeat(32)}`;
    expect(verdictIn(await look('d.qcow2.gz', packed, { checksum }), 'copy-goes-on')).toBe('warn');
  });

  it('tells its own warnings', async () => {
    // The dirty bit: the reference counts may be wrong, which a reader need not care for.
    const dirty = QCOW2.slice();
    dirty[79] = 1;
    const report = await look('disk.qcow2', dirty);
    expect(verdictIn(report, 'image-warning')).toBe('warn');
    expect(evidenceIn(report, 'image-warning')).not.toBe('');
    expect(verdictIn(await look('disk.qcow2', QCOW2), 'image-warning')).toBeUndefined();
  });
});

describe('the errors of the engine', () => {
  const failures = Object.entries(CATALOGUE).filter(([code]) => /^(?:image|package)-/.test(code));

  it.each(failures)('%s blocks with a remedy that is not about flags', (code, { meaning, remedy }) => {
    const found = imageFailed({ code, evidence: meaning, hint: remedy }, 0);
    expect(found.verdict).toBe('block');
    expect(found.remedy).not.toMatch(/ --[a-z]/);
  });

  it('have evidence without control characters and of a bounded length', () => {
    const { evidence } = check('image-usable', 'block', 0, `a\u0000b\u001b[31m\u202e${'x'.repeat(100_000)}`);
    expect(evidence).toMatch(/^a b \[31m x+ …$/);
    expect(evidence.length).toBeLessThan(1100);
  });
});
