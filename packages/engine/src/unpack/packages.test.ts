import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { seededBytes } from '../../testing/seeded.ts';
import { makeTar } from '../../testing/tar-maker.ts';
import { ARCHIVES, COMPRESSIONS, probePackage, unsupportedPackage } from './packages.ts';

describe('packages', () => {
  it('are found by their mark', () => {
    expect(probePackage(gzipSync('x'))?.name).toBe('gzip');
    expect(probePackage(zstdCompressSync(Buffer.from('x')))?.name).toBe('zstd');
    expect(probePackage(Buffer.from('BZh91AY&SY'))?.name).toBe('bzip2');
    expect(probePackage(Buffer.from('fd377a585a00', 'hex'))?.name).toBe('xz');
    expect(probePackage(Buffer.from('PK\x03\x04'))?.name).toBe('zip');
    expect(probePackage(makeTar([{ name: 'x' }]))?.name).toBe('tar');
  });

  it('claim neither nothing, nor zeros, nor noise, nor a boot sector', () => {
    const boot = new Uint8Array(512);
    boot.set([0xeb, 0x63, 0x90], 0);
    boot.set([0x55, 0xaa], 510);
    for (const head of [
      new Uint8Array(0),
      new Uint8Array(65536),
      seededBytes(1, 65536),
      boot,
      Buffer.from('QFI\xfb', 'latin1'),
    ]) {
      expect([...COMPRESSIONS, ...ARCHIVES].filter((kind) => kind.probe(head))).toEqual([]);
      expect(unsupportedPackage(head)).toBeUndefined();
    }
  });

  it('name what they cannot read', () => {
    const marks = {
      '377abcaf271c0004': /7-Zip/,
      '526172211a0700': /RAR/,
      '04224d18': /LZ4/,
      '5d00008000ffff': /LZMA/,
      '1f9d90': /compress/,
    };
    for (const [hex, name] of Object.entries(marks)) expect(unsupportedPackage(Buffer.from(hex, 'hex'))).toMatch(name);
    expect(unsupportedPackage(gzipSync('x'))).toBeUndefined();
  });
});
