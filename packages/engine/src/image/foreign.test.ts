import { describe, expect, it } from 'vitest';
import { seededBytes } from '../../testing/seeded.ts';
import { foreignFormat } from './foreign.ts';

const ends = (head: Uint8Array, tail: Uint8Array = new Uint8Array(1024)) => ({ head, tail, size: undefined });

describe('foreignFormat()', () => {
  it.each([
    ['QED\0', 'a QED image (qemu)'],
    ['WithoutFreeSpace', 'a Parallels disk'],
    ['WithouFreSpacExt', 'a Parallels disk'],
    ['Bochs Virtual HD Image\0', 'a Bochs disk'],
    ['#!/bin/sh\n#V2.0 Format\nmodprobe', 'a cloop image'],
    ['\xbe\xba\xfe\xca\0\0\0\0\x01\0\0\0\x02', 'a VMware seSparse extent'],
    ['EVF\x09\x0d\x0a\xff\0', 'an EWF (E01) forensic image'],
    ['MSWIM\0\0\0', 'a Windows image (WIM or ESD)'],
    ['VMA\0', 'a Proxmox backup (VMA)'],
  ])('knows a file that begins with %j', (mark, name) => {
    expect(foreignFormat(ends(Buffer.from(mark.padEnd(600, '\0'), 'latin1')))).toBe(name);
  });

  it('knows a DMG by its trailer, and not by "koly" elsewhere', () => {
    const tail = seededBytes(1, 1024);
    tail.set(Buffer.from('koly'), 512);
    expect(foreignFormat(ends(seededBytes(2, 4096), tail))).toBe('an Apple disk image (DMG)');
    tail.copyWithin(100, 512, 516);
    tail[512] = 0;
    expect(foreignFormat(ends(seededBytes(2, 4096), tail))).toBeUndefined();
  });

  it('says nothing about a raw disk, short or empty files', () => {
    expect(foreignFormat(ends(seededBytes(5, 65536)))).toBeUndefined();
    expect(foreignFormat(ends(new Uint8Array(2), new Uint8Array(2)))).toBeUndefined();
    expect(foreignFormat(ends(new Uint8Array(0), new Uint8Array(0)))).toBeUndefined();
  });
});
