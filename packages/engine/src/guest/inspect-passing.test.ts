import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { madeByMke2fs } from '../../testing/filesystem-makers.ts';
import { debianFiles, makeDisk, ROOT_UUID } from '../../testing/guest-maker.ts';
import { tempFolder } from '../../testing/temp.ts';
import { hasTool } from '../../testing/tools.ts';
import { MiB } from '../base/align.ts';
import { DiskferryError } from '../base/errors.ts';
import type { Piece, Scan } from '../image/image.ts';
import { judgeGuest } from './checks/catalogue.ts';
import { TARGET_PROFILES } from './checks/target.ts';
import { inspectPassing } from './inspect-passing.ts';

function scanOf(size: number | undefined, pieces: () => AsyncIterable<Piece>): () => Promise<Scan> {
  const facts = { format: 'raw' as const, subformat: 'raw', features: [], warnings: [] };
  return async () => ({ size, facts, pieces, conclude: () => ({ size: size ?? 0, facts }) });
}

async function* inPieces(disk: Uint8Array, until = disk.length): AsyncGenerator<Piece> {
  for (let offset = 0; offset < until; offset += 100_000) {
    const bytes = disk.slice(offset, Math.min(until, offset + 100_000));
    yield { offset, bytes };
    bytes.fill(0xdd);
  }
}

describe.skipIf(!hasTool('mke2fs') || !hasTool('sfdisk'))('inspectPassing() [needs mke2fs sfdisk]', async () => {
  const folder = await tempFolder();
  const part = { type: 'L', size: 32, make: madeByMke2fs(['-t', 'ext4', '-U', ROOT_UUID]), files: debianFiles() };
  const diskOf = async (name: string) =>
    new Uint8Array(readFileSync(await makeDisk(folder, name, { label: 'gpt', parts: [part] })));

  it('sees everything of a small disk, and closes what it reads from', async () => {
    const disk = await diskOf('small');
    let closed = false;
    const report = await inspectPassing(
      scanOf(undefined, async function* () {
        try {
          yield* inPieces(disk);
        } finally {
          closed = true;
        }
      }),
    );
    expect(report).toMatchObject({ diskSize: null, table: { kind: 'gpt' }, system: { hostname: { value: 'web-1' } } });
    expect(closed).toBe(true);
  });

  it('reads no more than the beginning where only the volumes are asked for, and says nothing of a system', async () => {
    const disk = await diskOf('data');
    const begin = scanOf(disk.length, () => inPieces(disk));
    const report = await inspectPassing(begin, { onlyVolumes: true });
    expect(report.warnings[0]).toContain('only its first 4200000 bytes');
    expect(report).toMatchObject({
      nature: { kind: 'unknown', because: 'partition 1: ext4; it was not looked for a system' },
      system: null,
      boot: { bios: { code: null }, entries: [] },
    });
  });

  it('sees the table of a cut one, and makes no claim about the rest', async () => {
    const disk = await diskOf('cut');
    const report = await inspectPassing(scanOf(disk.length, () => inPieces(disk, 1.2 * MiB)));
    expect(report).toMatchObject({
      diskSize: disk.length,
      table: { kind: 'gpt' },
      nature: { kind: 'unknown' },
      system: null,
    });
    expect(report.volumes).toMatchObject([{ place: 'partition 1', content: { kind: 'ext4' } }]);
    expect(report.warnings[0]).toContain('the image is packed: only its first 1258291 bytes');
    const findings = judgeGuest(report, TARGET_PROFILES.local);
    expect(findings.filter(({ verdict }) => verdict === 'block')).toMatchObject([{ code: 'guest-firmware' }]);
    expect(findings.find(({ code }) => code === 'guest-partition-table-damaged')).toMatchObject({ verdict: 'unknown' });
  });
});

describe('inspectPassing()', () => {
  it('makes a warning of a package that is damaged', async () => {
    const report = await inspectPassing(() => Promise.reject(new DiskferryError('package-damaged', 'a bad checksum')));
    expect(report).toMatchObject({ table: { kind: 'unknown' }, nature: { kind: 'unknown' } });
    expect(report.warnings[0]).toContain('a bad checksum');
  });

  it('throws an abort', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(
      inspectPassing(
        scanOf(0, () => inPieces(new Uint8Array(0))),
        { signal: stop.signal },
      ),
    ).rejects.toThrow();
  });

  it('takes a zero-length pass for a disk of which nothing was seen', async () => {
    const report = await inspectPassing(scanOf(MiB, () => inPieces(new Uint8Array(0))));
    expect(report.table.kind).toBe('unknown');
  });
});
