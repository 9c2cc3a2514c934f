import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { expectSame } from '../../testing/image-conformance.ts';
import { MemorySource } from '../../testing/memory-source.ts';
import { seededBytes } from '../../testing/seeded.ts';
import { makeTar } from '../../testing/tar-maker.ts';
import { dynamicVhd, fixedVhd } from '../../testing/vhd-image.ts';
import { makeZip } from '../../testing/zip-maker.ts';
import { withChecksum } from '../source/checksum.ts';
import { readBytes } from '../base/bytes.ts';
import { openImage, type OpenOptions } from './open-image.ts';
import type { Opened } from './opened.ts';

/** A disk with a boot sector in front, so that it is known for one. */
function bootable(seed: number, size: number): Uint8Array {
  const disk = seededBytes(seed, size);
  disk.fill(0, 440, 512);
  disk.set([0x80, 1, 1, 0, 0x83, 1, 1, 1, 1, 0, 0, 0, 0xff, 0, 0, 0], 446);
  disk.set([0x55, 0xaa], 510);
  return disk;
}

const DISK = bootable(1, 300 * 1024);
const VHD = new Uint8Array(fixedVhd(DISK));
const DYNAMIC = new Uint8Array(
  dynamicVhd({ size: DISK.length, blockSize: 65536, blocks: blocksOf(DISK, 65536) } as never),
);

function blocksOf(disk: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(disk.length / size) }, (_, index) => {
    const block = new Uint8Array(size);
    block.set(disk.subarray(index * size, (index + 1) * size));
    return block;
  });
}

async function landed(opened: Opened): Promise<Uint8Array> {
  if (opened.origin.way === 'ranges') {
    const { image } = opened.origin;
    return readBytes(image, { offset: 0, length: image.size });
  }
  const scan = await opened.origin.begin();
  const disk = new Uint8Array(8 * 1024 * 1024);
  for await (const piece of scan.pieces()) disk.set(piece.bytes, piece.offset);
  return disk.subarray(0, scan.conclude().size);
}

async function opening(name: string, content: Uint8Array, how: OpenOptions & { ranged?: boolean } = {}) {
  const source = new MemorySource(name, content, { ranged: how.ranged ?? true });
  const opened = await openImage(source, how);
  return { source, opened, trail: opened.layers.map((layer) => layer.name).join(' ') };
}

const tar = (...members: [string, Uint8Array][]) =>
  makeTar(members.map(([name, content]) => ({ name, content })) as never);
const text = (line: string) => new TextEncoder().encode(line.repeat(50));

describe('openImage()', () => {
  const cases: [name: string, content: Uint8Array, trail: string, way: string][] = [
    ['disk.raw', DISK, 'raw', 'ranges'],
    ['disk.vhd', VHD, 'vhd', 'ranges'],
    ['disk.vhd', DYNAMIC, 'vhd', 'ranges'],
    ['disk.raw.gz', gzipSync(DISK), 'gzip raw', 'pass'],
    ['disk.raw.zst', zstdCompressSync(DISK), 'zstd raw', 'pass'],
    ['disk.vhd.gz', gzipSync(VHD), 'gzip vhd', 'pass'],
    ['disk.vhd.gz', gzipSync(DYNAMIC), 'gzip vhd', 'pass'],
    ['disk.tar', tar(['notes.txt', text('hello\n')], ['disk.raw', DISK]), 'tar raw', 'ranges'],
    ['disk.tar', tar(['disk.vhd', DYNAMIC]), 'tar vhd', 'ranges'],
    ['disk.tar.gz', gzipSync(tar(['notes.txt', text('hello\n')], ['disk.raw', DISK])), 'gzip tar raw', 'pass'],
    ['disk.tar', tar(['disk.raw.gz', gzipSync(DISK)]), 'tar gzip raw', 'pass'],
  ];
  for (const [name, content, trail, way] of cases) {
    for (const ranged of [true, false]) {
      it(`opens ${trail} ${ranged ? 'by ranges' : 'from a server without ranges'}`, async () => {
        const made = await opening(name, content, { ranged });
        expect(made.opened.origin.way).toBe(ranged ? way : 'pass');
        expectSame(await landed(made.opened), DISK, 0);
        expect(made.trail.replace('raw', 'x').replace('vhd', 'x')).toBe(trail.replace('raw', 'x').replace('vhd', 'x'));
        expect(made.source.open, 'streams left open').toBe(0);
      });
    }
  }

  it('tells both sizes before anything is read of the disk', async () => {
    const { opened } = await opening('disk.tar.gz', gzipSync(tar(['disk.raw', DISK])));
    expect(opened).toMatchObject({ virtualSize: DISK.length, fileSize: gzipSync(tar(['disk.raw', DISK])).length });
  });

  it('does not know the size of a raw disk in gzip beforehand', async () => {
    expect((await opening('disk.gz', gzipSync(DISK))).opened.virtualSize).toBeUndefined();
  });

  const zipped = (method: number, name = 'disk.raw', content = DISK) => makeZip([{ name, content, method }]);
  const goings: [name: string, content: Uint8Array, goesOn: boolean | string][] = [
    ['disk.raw', DISK, true],
    ['disk.raw.gz', gzipSync(DISK), true],
    ['disk.raw.zst', zstdCompressSync(DISK), 'frames'],
    ['disk.tar.zst', zstdCompressSync(tar(['disk.raw', DISK])), 'frames'],
    ['disk.zip', zipped(8), true],
    ['disk.zip', zipped(93), 'frames'],
    ['disk.zip', zipped(0, 'disk.raw.gz', gzipSync(DISK)), true],
    ['disk.zip', zipped(8, 'disk.raw.gz', gzipSync(DISK)), false],
    ['disk.zip', zipped(8, 'disk.tar', tar(['disk.raw', DISK])), true],
    ['disk.tar', tar(['disk.raw.gz', gzipSync(DISK)]), true],
  ];
  for (const [at, [name, content, goesOn]] of goings.entries()) {
    it(`says whether a copy of ${name} goes on after a crash: ${goesOn} (${at})`, async () => {
      const { opened } = await opening(name, content);
      expect(opened.goesOn).toBe(goesOn);
      expectSame(await landed(opened), DISK, 0);
    });
  }

  it('goes on in no package that a server without ranges sends, or of which the digest is to be checked', async () => {
    const packed = gzipSync(DISK);
    expect((await opening('disk.raw.gz', packed, { ranged: false })).opened.goesOn).toBe(false);
    expect((await opening('disk.raw.gz', packed, { inOrder: true })).opened.goesOn).toBe(false);
  });

  it('reads an archive through before it is believed, where the digest of all of it is to be checked', async () => {
    for (const content of [zipped(8), zipped(0), tar(['disk.raw', DISK]), tar(['disk.raw.gz', gzipSync(DISK)])]) {
      for (const right of [true, false]) {
        const value = sha256(right ? content : DISK);
        const source = withChecksum(new MemorySource('disk.tar', content), { algorithm: 'sha256', value });
        const { precheck } = await openImage(source, { inOrder: true });
        if (right) await precheck?.();
        else await expect(precheck?.()).rejects.toMatchObject({ code: 'source-checksum' });
      }
    }
  });

  const refusals: [what: string, name: string, content: Uint8Array, how: OpenOptions, code: string][] = [
    ['a page of HTML', 'disk.raw', text('<!DOCTYPE html><html>not found</html>\n'), {}, 'image-not-recognised'],
    [
      'QED by name',
      'disk.qed',
      new Uint8Array(Buffer.from('QED\0'.padEnd(4096, '\0'))),
      {},
      'image-unsupported-format',
    ],
    [
      '7-Zip by name',
      'disk.7z',
      new Uint8Array(Buffer.from('377abcaf271c'.padEnd(2048, '0'), 'hex')),
      {},
      'package-unsupported',
    ],
    ['VHD declared as raw', 'd', DYNAMIC, { format: 'raw' }, 'image-format-mismatch'],
    ['raw declared as qcow2', 'd', DISK, { format: 'qcow2' }, 'image-format-mismatch'],
    ['a file that is two things', 'd', polyglot(), {}, 'image-ambiguous'],
    ['an archive without a disk', 'd.tar', tar(['a.txt', text('a\n')]), {}, 'package-no-disk'],
    ['two disks and no choice', 'd.tar', tar(['a.raw', DISK], ['b.vhd', VHD]), {}, 'package-several-disks'],
    ['a member that is not there', 'd.tar', tar(['a.raw', DISK]), { member: 'c.raw' }, 'package-no-member'],
    ['three packages', 'd.tar.gz.gz', gzipSync(gzipSync(tar(['a.raw', DISK]))), {}, 'package-too-deep'],
    ['what is only called an OVA', 'd.ova', DISK, {}, 'package-damaged'],
    ['an OVA without descriptor', 'd.ova', tar(['a.vmdk', DISK]), {}, 'package-descriptor'],
  ];
  for (const [what, name, content, how, code] of refusals) {
    it(`refuses ${what}`, async () => {
      await expect(opening(name, content, how)).rejects.toMatchObject({ code });
    });
  }

  it('takes the member that was named, and lists them where none was', async () => {
    const both = tar(['a.raw', DISK], ['b/c.vhd', VHD]);
    for (const content of [both, gzipSync(both)]) {
      const { opened } = await opening('d.tar', content, { member: 'c.vhd' });
      expectSame(await landed(opened), DISK, 0);
    }
    await expect(opening('d.tar', both)).rejects.toThrow('a.raw, b/c.vhd');
  });

  it('is not done with a packed archive of two disks when nobody chose', async () => {
    const { opened } = await opening('d.tar.gz', gzipSync(tar(['a.raw', DISK], ['b.vhd', VHD])));
    await expect(landed(opened)).rejects.toMatchObject({ code: 'package-several-disks' });
  });

  it('checks the end of the package after the last byte of the disk', async () => {
    const packed = gzipSync(tar(['a.raw', DISK]));
    packed[packed.length - 6]! ^= 1;
    const { opened } = await opening('d.tar.gz', packed);
    await expect(landed(opened)).rejects.toMatchObject({ code: 'package-damaged' });
  });

  it('refuses a fixed VHD that was declared as raw at the end of the stream', async () => {
    const { opened } = await opening('d.gz', gzipSync(VHD), { format: 'raw' });
    await expect(landed(opened)).rejects.toMatchObject({ code: 'image-format-mismatch' });
  });

  it('compares the members of an OVA with its manifest', async () => {
    const ovf = Buffer.from(OVF);
    const manifest = (disk: Uint8Array) =>
      Buffer.from(`SHA256(a.ovf)= ${sha256(ovf)}\nSHA256(disk.vhd)= ${sha256(disk)}\n`);
    const good = await opening('a.ova', tar(['a.ovf', ovf], ['a.mf', manifest(VHD)], ['disk.vhd', VHD]));
    expect(good.trail).toBe('ova vhd');
    await good.opened.precheck?.();
    expectSame(await landed(good.opened), DISK, 0);
    const bad = await opening('a.ova', tar(['a.ovf', ovf], ['a.mf', manifest(DYNAMIC)], ['disk.vhd', VHD]));
    const checked = async () => {
      await bad.opened.precheck?.();
      return landed(bad.opened);
    };
    await expect(checked()).rejects.toMatchObject({ code: 'package-digest' });
  });
});

const OVF = `<?xml version="1.0"?><Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
<References><File ovf:id="f1" ovf:href="disk.vhd"/></References>
<DiskSection><Info/><Disk ovf:diskId="d1" ovf:fileRef="f1" ovf:capacity="307200"/></DiskSection></Envelope>`;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A qcow2 header in front and the footer of a fixed VHD behind. */
function polyglot(): Uint8Array {
  const disk = DISK.slice();
  disk.set([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3], 0);
  return new Uint8Array(fixedVhd(disk));
}
