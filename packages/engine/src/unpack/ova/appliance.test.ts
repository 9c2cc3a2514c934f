import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { collect, MemoryBytes, streamOf } from '../../../testing/memory-bytes.ts';
import { makeTar } from '../../../testing/tar-maker.ts';
import { refusalOf } from '../../../testing/unpack-conformance.ts';
import { tar } from '../tar/tar.ts';
import { readAppliance } from './appliance.ts';
import { parseDescriptor } from './descriptor.ts';
import { digestChecking } from './digest-checking.ts';
import { parseManifest } from './manifest.ts';

const VMDK = 'http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized';

interface Described {
  readonly files?: string;
  readonly disks?: string;
  readonly before?: string;
}

function ovf({ files, disks, before = '' }: Described = {}): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${before}
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
<References>${files ?? '<File ovf:id="f1" ovf:href="web-disk1.vmdk"/><File ovf:id="f2" ovf:href="web%20disk2.vmdk" ovf:compression="gzip"/>'}</References>
<DiskSection><Info>disks</Info>${
    disks ??
    `<Disk ovf:diskId="d2" ovf:fileRef="f2" ovf:capacity="1073741824"/>
     <Disk ovf:diskId="d0" ovf:capacity="5"/>
     <Disk ovf:diskId="d1" ovf:fileRef="f1" ovf:capacity="30" ovf:capacityAllocationUnits="byte * 2^20" ovf:format="${VMDK}"/>`
  }</DiskSection><VirtualSystem/></Envelope>`;
}

const file = (href: string, more = '') =>
  ovf({
    files: `<File ovf:id="f" ovf:href="${href}" ${more}/>`,
    disks: '<Disk ovf:diskId="d" ovf:fileRef="f" ovf:capacity="1"/>',
  });
const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
const parsed = (text: string) => refusalOf(async () => parseDescriptor(Buffer.from(text)));

function members(parts: Readonly<Record<string, string>>) {
  return tar.list(
    new MemoryBytes(makeTar(Object.entries(parts).map(([name, content]) => ({ name, content: Buffer.from(content) })))),
  );
}
const DISKS = { 'web-disk1.vmdk': 'one', 'web disk2.vmdk': 'two' };

const refusal = (parts: Record<string, string>) => refusalOf(async () => readAppliance(await members(parts)));

describe('an OVA', () => {
  it('gives its disks in the order of the descriptor, with their members and digests', async () => {
    const manifest = `SHA256(web.ovf)= ${sha256(ovf())}\r\nSHA256 (web-disk1.vmdk) = ${sha256('one').toUpperCase()}\n\n`;
    const appliance = await readAppliance(await members({ 'web.ovf': ovf(), 'web.mf': manifest, ...DISKS }));
    expect(appliance.disks).toMatchObject([
      {
        id: 'd2',
        href: 'web disk2.vmdk',
        capacityBytes: 1073741824,
        format: undefined,
        compression: 'gzip',
        member: { name: 'web disk2.vmdk' },
      },
      { id: 'd1', href: 'web-disk1.vmdk', capacityBytes: 31457280, format: VMDK, member: { name: 'web-disk1.vmdk' } },
    ]);
    expect(appliance.digests.get('web-disk1.vmdk')).toEqual({ algorithm: 'sha256', hex: sha256('one') });
  });

  it('is refused without a descriptor, with two, and where a disk is missing', async () => {
    expect(await refusal(DISKS)).toBe('package-descriptor');
    expect(await refusal({ 'a.ovf': ovf(), 'b.ovf': ovf(), ...DISKS })).toBe('package-descriptor');
    expect(await refusal({ 'a.ovf': ovf(), 'web-disk1.vmdk': '' })).toBe('package-descriptor');
    expect(await refusal({ 'a.ovf': ovf(), 'a.mf': `SHA1(a.ovf)= ${'0'.repeat(40)}`, ...DISKS })).toBe(
      'package-digest',
    );
    expect(await refusal({ 'a.ovf': ' '.repeat(2 ** 22 + 1) })).toBe('package-limit');
  });
});

describe('an OVF descriptor', () => {
  it('may leave the capacity to the deployment', () => {
    const text = ovf({ disks: '<Disk ovf:diskId="d" ovf:fileRef="f1" ovf:capacity="${disk.size}"/>' });
    expect(parseDescriptor(Buffer.from(text)).disks[0]?.capacityBytes).toBeUndefined();
  });

  it('is refused with a document type: outside entities, and entities that multiply', async () => {
    const outside = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
    const laughs = `<!DOCTYPE x [<!ENTITY a "ha">${'bcdefg'.replace(/./g, (c) => `<!ENTITY ${c} "&a;&a;&a;&a;">`)}]>`;
    for (const before of [outside, laughs, '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">']) {
      expect(await parsed(ovf({ before }))).toBe('package-descriptor');
    }
    expect(await parsed(ovf().replace('disks', '&e;'))).toBe('package-descriptor');
  });

  it.each([
    '../../etc/passwd',
    '/etc/passwd',
    'a/b.vmdk',
    'file:///etc/passwd',
    'http://127.0.0.1:9/x',
    'c:\\x.vmdk',
    '..',
    '.',
    '',
    '%2e%2e%2fx',
    'a%00b',
    'a\\b',
  ])('is refused with the href %s', async (href) => expect(await parsed(file(href))).toBe('package-descriptor'));

  it('is refused for chunks, other compressions, parents and dangling references', async () => {
    expect(await parsed(file('x', 'ovf:chunkSize="100"'))).toBe('package-unsupported');
    expect(await parsed(file('x', 'ovf:compression="bzip2"'))).toBe('package-unsupported');
    expect(await parsed(file('x', 'ovf:compression="identity"'))).toBeUndefined();
    expect(
      await parsed(ovf({ disks: '<Disk ovf:diskId="d" ovf:fileRef="f1" ovf:capacity="1" ovf:parentRef="p"/>' })),
    ).toBe('package-descriptor');
    expect(await parsed(ovf({ disks: '<Disk ovf:diskId="d" ovf:fileRef="none" ovf:capacity="1"/>' }))).toBe(
      'package-descriptor',
    );
    expect(await parsed(ovf({ files: '<File ovf:id="f1" ovf:href="a"/><File ovf:id="f1" ovf:href="b"/>' }))).toBe(
      'package-descriptor',
    );
  });

  it('is refused for a capacity that is no size', async () => {
    for (const capacity of ['-1', '1e9', '', '99999999999999999999', '0x10']) {
      expect(
        await parsed(ovf({ disks: `<Disk ovf:diskId="d" ovf:fileRef="f1" ovf:capacity="${capacity}"/>` })),
        capacity,
      ).toBe('package-descriptor');
    }
    for (const units of ['byte * 2^99', 'sector', 'byte * -1']) {
      const disks = `<Disk ovf:diskId="d" ovf:fileRef="f1" ovf:capacity="1" ovf:capacityAllocationUnits="${units}"/>`;
      expect(await parsed(ovf({ disks })), units).toBe('package-descriptor');
    }
  });

  it('is refused when it is no XML, no OVF, no UTF-8, too deep or too large', async () => {
    for (const text of ['', 'junk', '<a></b>', '<a>', '<Other/>', '<Envelope', '\0'])
      expect(await parsed(text), text).toBe('package-descriptor');
    expect(await refusalOf(async () => parseDescriptor(Buffer.from([0xff, 0xfe, 0x3c, 0])))).toBe('package-descriptor');
    expect(await parsed(`<Envelope>${'<a>'.repeat(100)}`)).toBe('package-limit');
    expect(await parsed(`<Envelope>${'<a/>'.repeat(200_000)}</Envelope>`)).toBe('package-limit');
    expect(await parsed(' '.repeat(2 ** 22 + 1))).toBe('package-limit');
  });
});

const stream = () => streamOf(new Uint8Array(Buffer.from('content')), [2]);

describe('an OVA manifest', () => {
  it('knows SHA1, SHA256 and SHA512, and names with parentheses', () => {
    const digests = parseManifest(
      Buffer.from(`SHA1(a)= ${'1'.repeat(40)}\nSHA256(b (2).vmdk)=${'2'.repeat(64)}\nSHA512(c)= ${'3'.repeat(128)}`),
    );
    expect([...digests.keys()]).toEqual(['a', 'b (2).vmdk', 'c']);
  });

  it('is refused with anything else', async () => {
    const lines = [
      'x',
      `MD5(a)= ${'1'.repeat(32)}`,
      `SHA1(a)= ${'1'.repeat(39)}`,
      `SHA256(a)= ${'g'.repeat(64)}`,
      `SHA1(a)= ${'1'.repeat(40)}\nSHA1(a)= ${'2'.repeat(40)}`,
    ];
    for (const line of lines)
      expect(await refusalOf(async () => parseManifest(Buffer.from(line))), line).toBe('package-descriptor');
    expect(await refusalOf(async () => parseManifest(new Uint8Array(2 ** 20 + 1)))).toBe('package-limit');
  });

  it('is compared with the content when it has passed', async () => {
    const right = { algorithm: 'sha256', hex: sha256('content') } as const;
    expect(Buffer.from(await collect(digestChecking(stream(), right, 'x'))).toString()).toBe('content');
    const wrong = { algorithm: 'sha256', hex: sha256('other') } as const;
    expect(await refusalOf(() => collect(digestChecking(stream(), wrong, 'x')))).toBe('package-digest');
  });
});
