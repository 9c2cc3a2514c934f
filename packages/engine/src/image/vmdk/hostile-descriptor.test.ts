import { describe, expect, it } from 'vitest';
import { surroundings } from '../../../testing/image-conformance.ts';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { cowdExtent, descriptorText, sparseVmdk } from '../../../testing/vmdk-image.ts';
import {
  changed,
  DISK,
  expectRefused,
  nothingIsAskedFor,
  open,
  u32,
  whole,
  HUGE,
  seSparse,
  deltaExtent,
  type Change,
} from '../../../testing/vmdk-refusals.ts';
import { MiB } from '../../base/align.ts';
import type { ErrorCode } from '../../base/errors.ts';
import { vmdk } from './vmdk.ts';

const SPARSE = sparseVmdk(DISK);
const lines = (...extents: string[]) => descriptorText({ extents, createType: 'custom' });
const header = (...head: string[]) => descriptorText({ extents: ['RW 8 ZERO'], header: ['version=1', ...head] });
const type = (createType: string) => descriptorText({ extents: ['RW 8 ZERO'], createType });
const many = (count: number) => lines(...Array.from({ length: count }, () => 'RW 8 ZERO'));

const given = async (text: string, files: Record<string, Uint8Array>) => {
  const companions = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, new MemoryBytes(bytes)]));
  return vmdk.open(new MemoryBytes(Buffer.from(text)), surroundings(companions));
};
describe('a hostile VMDK descriptor', () => {
  const CASES: readonly [string, string, ErrorCode][] = [
    ['a parent by its content', header('parentCID=12345678'), 'image-parent'],
    ['a parent by its content, in capitals', header('PARENTCID = "12345678"'), 'image-parent'],
    ['a second, other parent', header('parentCID=ffffffff', 'parentCID=00000001'), 'image-parent'],
    ['a parent by its name', header('parentCID=ffffffff', 'parentFileNameHint="/etc/passwd"'), 'image-parent'],
    ['a parent by its name in a comment', header('# parentFileNameHint="base.vmdk"'), 'image-parent'],
    ['version 4', descriptorText({ extents: ['RW 8 ZERO'], header: ['version=4'] }), 'image-unsupported'],
    ['two types', header('createType="vmfs"'), 'image-damaged'],
    ['no extents', lines(), 'image-damaged'],
    ['4097 extents', many(4097), 'image-limit'],
    ['a size of 2^63 sectors', lines(`RW ${HUGE} ZERO`), 'image-limit'],
    [
      'sizes that add up to more than 8 PiB',
      lines(...Array.from({ length: 9 }, () => `RW ${2 ** 41} ZERO`)),
      'image-limit',
    ],
    ['a negative size', lines('RW -8 ZERO'), 'image-damaged'],
    ['a size of 0', lines('RW 0 ZERO'), 'image-damaged'],
    ['an extent that may not be read', lines('NOACCESS 8 ZERO'), 'image-unsupported'],
    ['an extent of an unknown type', lines('RW 8 CONSTRUCTOR "a"'), 'image-unsupported'],
    ['a raw device mapping', lines('RW 8 VMFSRDM "a-rdm.vmdk"'), 'image-unsupported'],
    ['a space-efficient extent', lines('RW 8 SESPARSE "a-sesparse.vmdk"'), 'image-unsupported'],
    ['no name', lines('RW 8 FLAT 0'), 'image-damaged'],
    ['half a name', lines('RW 8 FLAT "a'), 'image-damaged'],
    ['a folder for a name', lines('RW 8 FLAT "/tmp/.." 0'), 'image-damaged'],
    ['an empty name', lines('RW 8 FLAT "/tmp/" 0'), 'image-damaged'],
    ['two files of one name', lines('RW 8 FLAT "a/x" 0', 'RW 8 FLAT "b/x" 0'), 'image-unsupported'],
    ['a whole device', type('fullDevice'), 'image-unsupported'],
    ['a raw device', type('vmfsPassthroughRawDeviceMap'), 'image-unsupported'],
    ['a space-efficient disk', type('seSparse'), 'image-unsupported'],
    ['no type', type(''), 'image-damaged'],
  ];
  for (const [name, text, code] of CASES) {
    it(`with ${name} is refused as ${code} and opens nothing`, async () => {
      await expectRefused(Buffer.from(text), code, undefined, nothingIsAskedFor());
    });
  }

  it('takes 4096 extents', async () => {
    expect((await open(Buffer.from(many(4096)))).size).toBe(4096 * 4096);
  });

  it('of more than 1 MiB is refused', async () => {
    await expectRefused(Buffer.from(many(10) + ' '.repeat(MiB)), 'image-limit', MiB);
  });

  it('asks for base names only, and lists what is missing without control characters', async () => {
    const asked: string[] = [];
    const names = [
      '/etc/passwd',
      '..\\..\\secret\u0007\u202e.bin',
      'C:\\Users\\me\\disk-flat.vmdk',
      `${'x'.repeat(300)}`,
    ];
    const text = lines(...names.map((name) => `RW 8 FLAT "${name}" 0`));
    const around = { companion: async (name: string) => void asked.push(name) };
    const refusal = await vmdk.open(new MemoryBytes(Buffer.from(text)), around).catch((error: Error) => error);
    expect(asked).toEqual(['passwd', 'secret\u0007\u202e.bin', 'disk-flat.vmdk', 'x'.repeat(300)]);
    expect(refusal).toMatchObject({ code: 'image-extent-missing' });
    const message = String(refusal);
    expect(message).toContain('"passwd", "secret??.bin", "disk-flat.vmdk", "xxx');
    expect(message.length).toBeLessThan(400);
  });

  const EXTENTS: readonly [string, string, Uint8Array, ErrorCode][] = [
    ['a flat extent that is too short', 'RW 9 FLAT "x" 0', new Uint8Array(4096), 'image-truncated'],
    ['a flat extent whose offset is behind its end', 'RW 8 FLAT "x" 1', new Uint8Array(4096), 'image-truncated'],
    ['a sparse extent that is flat', 'RW 8 SPARSE "x"', new Uint8Array(4096), 'image-damaged'],
    ['a sparse extent that is empty', 'RW 8 SPARSE "x"', new Uint8Array(0), 'image-damaged'],
    ['a sparse extent that is too small', 'RW 201 SPARSE "x"', SPARSE.bytes, 'image-damaged'],
    ['a sparse extent that is cut', 'RW 200 SPARSE "x"', SPARSE.bytes.subarray(0, 300), 'image-truncated'],
    ['a space-efficient extent', 'RW 8 SPARSE "x"', seSparse(), 'image-unsupported'],
    ['itself', 'RW 8 SPARSE "x"', Buffer.from(lines('RW 8 SPARSE "x"')), 'image-damaged'],
    ['an extent of ESX that is a delta', 'RW 200 VMFSSPARSE "x"', cowdExtent(DISK, { flags: 2 }).bytes, 'image-parent'],
    [
      'an extent of ESX that is cut',
      'RW 200 VMFSSPARSE "x"',
      cowdExtent(DISK).bytes.subarray(0, 2000),
      'image-truncated',
    ],
    ['a delta under another descriptor', 'RW 200 SPARSE "x"', deltaExtent(), 'image-parent'],
  ];
  for (const [name, line, bytes, code] of EXTENTS) {
    it(`that lists ${name} is refused as ${code}`, async () => {
      await expect(given(lines(line), { x: bytes })).rejects.toMatchObject({ code, offset: expect.any(Number) });
    });
  }

  const COWD: readonly [string, Change, ErrorCode][] = [
    ['version 2', u32(4, 2), 'image-unsupported'],
    ['a grain of 0', u32(16, 0), 'image-damaged'],
    ['a grain of 3', u32(16, 3), 'image-damaged'],
    ['a grain of 2^31', u32(16, 2 ** 31), 'image-damaged'],
    ['a directory on the header', u32(20, 1), 'image-damaged'],
    ['a directory behind the end', u32(20, 0xffffffff), 'image-truncated'],
    ['2^32 - 1 tables', u32(24, 0xffffffff), 'image-limit'],
    ['no tables', u32(24, 0), 'image-damaged'],
    ['a table on the header', (b, at) => u32(at.directory, 1)(b), 'image-damaged'],
    ['a table behind the end', (b, at) => u32(at.directory, 0xffffffff)(b), 'image-truncated'],
    ['a grain on the header', (b, at) => u32(at.tables[0] ?? 0, 1)(b), 'image-damaged'],
    ['a grain behind the end', (b, at) => u32(at.tables[0] ?? 0, 0xffffffff)(b), 'image-truncated'],
  ];
  for (const [name, change, code] of COWD) {
    it(`whose extent of ESX has ${name} is refused as ${code}`, async () => {
      const bytes = changed(cowdExtent(DISK), change);
      const refusal = given(lines('RW 200 VMFSSPARSE "x"'), { x: bytes }).then(whole);
      await expect(refusal).rejects.toMatchObject({ code, offset: expect.any(Number) });
    });
  }
});
