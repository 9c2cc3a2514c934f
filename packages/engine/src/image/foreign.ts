import type { Ends } from './image.ts';

/**
 * Formats of disk images that are known and not read. Naming them keeps such a file from being taken for a raw disk,
 * which would land its container on the target byte by byte.
 */
interface Mark {
  readonly name: string;
  /** Bytes at the beginning of the file, or at `at` of its last sector. */
  readonly bytes: Uint8Array;
  readonly at?: number;
}

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const IN_FRONT: readonly Mark[] = [
  { name: 'a QED image (qemu)', bytes: latin1('QED\0') },
  { name: 'a Parallels disk', bytes: latin1('WithoutFreeSpace') },
  { name: 'a Parallels disk', bytes: latin1('WithouFreSpacExt') },
  { name: 'a Bochs disk', bytes: latin1('Bochs Virtual HD Image') },
  { name: 'a cloop image', bytes: latin1('#!/bin/sh\n#V2.0 Format\n') },
  { name: 'a VMware seSparse extent', bytes: Uint8Array.of(0xbe, 0xba, 0xfe, 0xca, 0, 0, 0, 0) },
  { name: 'an Apple sparse image', bytes: latin1('sprs') },
  { name: 'an encrypted Apple disk image', bytes: latin1('encrcdsa') },
  { name: 'an EWF (E01) forensic image', bytes: latin1('EVF\x09\x0d\x0a\xff\0') },
  { name: 'an EWF 2 (Ex01) forensic image', bytes: latin1('EVF2\x0d\x0a\x81\0') },
  { name: 'an AFF forensic image', bytes: latin1('AFF10\r\n\0') },
  { name: 'a Windows image (WIM or ESD)', bytes: latin1('MSWIM\0\0\0') },
  { name: 'a partclone image (Clonezilla)', bytes: latin1('partclone-image') },
  { name: 'an ntfsclone image', bytes: latin1('\0ntfsclone-image') },
  { name: 'a Proxmox backup (VMA)', bytes: latin1('VMA\0') },
  { name: 'an Acronis backup (TIB)', bytes: Uint8Array.of(0xb4, 0x6e, 0x68, 0x44) },
  { name: 'a Norton Ghost image', bytes: Uint8Array.of(0xfe, 0xef, 0x01) },
  { name: 'an Android sparse image', bytes: Uint8Array.of(0x3a, 0xff, 0x26, 0xed) },
  { name: 'a MAME compressed disk (CHD)', bytes: latin1('MComprHD') },
];

/** The trailer of an Apple disk image is its last 512 bytes; an encrypted one of version 1 ends with its mark. */
const AT_THE_END: readonly Mark[] = [
  { name: 'an Apple disk image (DMG)', bytes: latin1('koly'), at: 0 },
  { name: 'an encrypted Apple disk image', bytes: latin1('cdsaencr'), at: 504 },
];

/** What the file is, with its article ("a QED image"), or undefined where no mark of another format is seen. */
export function foreignFormat({ head, tail }: Ends): string | undefined {
  const lastSector = tail.subarray(Math.max(0, tail.length - 512));
  const mark =
    IN_FRONT.find(({ bytes }) => bytesAt(head, 0, bytes)) ??
    AT_THE_END.find(({ bytes, at = 0 }) => lastSector.length === 512 && bytesAt(lastSector, at, bytes));
  return mark?.name;
}

function bytesAt(content: Uint8Array, at: number, bytes: Uint8Array): boolean {
  return Buffer.compare(content.subarray(at, at + bytes.length), bytes) === 0;
}
