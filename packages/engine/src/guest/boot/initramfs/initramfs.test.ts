import { execFileSync } from 'node:child_process';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fuzzGuest } from '../../../../testing/guest-fuzz.ts';
import { cpio, initramfsWith, microcode } from '../../../../testing/initramfs-maker.ts';
import { MemoryBytes } from '../../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../../testing/seeded.ts';
import { hasTool, toolPath } from '../../../../testing/tools.ts';
import { MiB } from '../../../base/align.ts';
import { Budget } from '../../cache/budget.ts';
import { FrugalBytes } from '../../cache/frugal-bytes.ts';
import { initramfsNames } from './initramfs.ts';

const modules = ['virtio_blk', 'virtio-pci', 'sd_mod'];
const plain = initramfsWith(modules);
const expected = ['init', ...modules.map((name) => `usr/lib/modules/6.1.0-9-amd64/kernel/drivers/${name}.ko`)];

async function namesIn(content: Uint8Array, budget = new Budget()): Promise<string[]> {
  return await Array.fromAsync(initramfsNames(new FrugalBytes(new MemoryBytes(content), budget), budget));
}

async function readAll(disk: FrugalBytes): Promise<void> {
  await Array.fromAsync(initramfsNames(disk, disk.budget));
}

const packedBy = (tool: string, flags: string[], content: Uint8Array) =>
  new Uint8Array(execFileSync(toolPath(tool) ?? tool, flags, { input: content }));

describe('initramfsNames()', () => {
  it('reads an archive that is not packed, packed by gzip, and by zstd', async () => {
    expect(await namesIn(plain)).toEqual(expected);
    expect(await namesIn(gzipSync(plain))).toEqual(expected);
    expect(await namesIn(zstdCompressSync(plain))).toEqual(expected);
  });

  it.skipIf(!hasTool('xz'))('packed by xz as Linux wants it [needs xz]', async () => {
    expect(await namesIn(packedBy('xz', ['--check=crc32', '--lzma2=dict=1MiB', '-c'], plain))).toEqual(expected);
  });

  it.skipIf(!hasTool('lz4'))('packed by lz4 in its legacy frame [needs lz4]', async () => {
    const large = cpio({
      ...Object.fromEntries(expected.map((name) => [name, name])),
      big: 'abcdefgh'.repeat(2 * MiB),
      last: '',
    });
    expect(await namesIn(packedBy('lz4', ['-l', '-c'], plain))).toEqual(expected);
    expect(await namesIn(packedBy('lz4', ['-l', '-c'], large))).toEqual([...expected, 'big', 'last']);
  });

  it('hops over microcode in front', async () => {
    const names = await namesIn(Buffer.concat([microcode(), zstdCompressSync(plain)]));
    expect(names).toEqual(['kernel/x86/microcode/GenuineIntel.bin', ...expected]);
  });

  it('reads only the headers of what is not packed', async () => {
    const firmware = cpio({ a: Buffer.from(seededBytes(1, 3 * MiB)).toString('latin1'), b: '' });
    const budget = new Budget();
    expect(await namesIn(Buffer.concat([firmware, gzipSync(plain)]), budget)).toEqual(['a', 'b', ...expected]);
    expect(budget.cost.bytes).toBeLessThan(MiB);
  });

  it('says what it does not read: an unknown packing, one over budget, one that is cut', async () => {
    await expect(namesIn(Buffer.from('\x5d\0\0lzma, alone', 'latin1'))).rejects.toThrow('packed in an unknown way');
    await expect(namesIn(Buffer.from(seededBytes(3, 4096)))).rejects.toThrow('packed in an unknown way');
    const large = Buffer.concat([gzipSync(plain), Buffer.alloc(2 * MiB)]);
    const small = new Budget({ bytes: MiB, milliseconds: 60_000 });
    await expect(namesIn(large, small)).rejects.toThrow('too much to read');
    await expect(namesIn(gzipSync(plain).subarray(0, -30))).rejects.toThrow('ends');
    await expect(namesIn(plain.subarray(0, -200))).rejects.toThrow('ends too early');
  });

  it('gives names or a refusal under mutation', async () => {
    const seeds = [plain, gzipSync(plain), zstdCompressSync(plain), Buffer.concat([microcode(), plain])];
    if (hasTool('lz4')) seeds.push(packedBy('lz4', ['-l', '-c'], plain));
    const report = await fuzzGuest('initramfs', seeds, readAll, { seed: 1, milliseconds: 1500 });
    expect(report.cases).toBeGreaterThan(50);
  });
});
