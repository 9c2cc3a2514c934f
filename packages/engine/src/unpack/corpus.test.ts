import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect, MemoryBytes, streamOf } from '../../testing/memory-bytes.ts';
import { refusalOf } from '../../testing/unpack-conformance.ts';
import { readAppliance } from './ova/appliance.ts';
import { COMPRESSIONS } from './packages.ts';
import { tar } from './tar/tar.ts';
import { zip } from './zip/zip.ts';

/** Packages that other people made, by their digest or their refusal. */
const CORPUS = join(import.meta.dirname, '../../../../../shared/corpus');

interface Codec {
  readonly id: string;
  readonly stored: string;
  readonly kind: string;
  readonly expected?: 'accept' | 'refuse';
  readonly sha256?: string;
  readonly gnu_tar_rc?: number;
  readonly listing?: readonly string[];
}

const manifestFile = join(CORPUS, 'manifest.json');
const present = existsSync(manifestFile);
const codecs: readonly Codec[] = present ? JSON.parse(readFileSync(manifestFile, 'utf8')).codecs : [];
const contentOf = ({ stored }: { stored: string }) => new Uint8Array(readFileSync(join(CORPUS, stored)));

/** GNU tar is content with an archive that just stops; a copy cannot be: the rest may be missing. */
const WITHOUT_END = [
  'gnu-incremental.tar',
  'gnu-multi-hdrs.tar',
  'pax-multi-hdrs.tar',
  'pax-path-hdr.tar',
  'pax-pos-size-file.tar',
  'ustar-file-reg.tar',
];

const count = (kind: string) => codecs.filter((codec) => codec.kind === kind).length;

describe.skipIf(!present)('the corpus', () => {
  it('is complete', () => {
    expect(['xz', 'bzip2', 'zstd', 'tar'].map(count)).toEqual([47, 6, 1, 28]);
  });

  it.each(codecs.filter(({ kind }) => kind !== 'tar'))('$id: $expected', async (codec) => {
    const compression = COMPRESSIONS.find(({ name }) => name === codec.kind);
    const hash = createHash('sha256');
    const code = await refusalOf(async () => {
      for await (const chunk of compression?.decode(streamOf(contentOf(codec), [777])) ?? []) hash.update(chunk);
    });
    if (codec.expected === 'accept') expect([code, hash.digest('hex')]).toEqual([undefined, codec.sha256]);
    else expect(code).toMatch(/^package-(damaged|truncated|unsupported|limit)$/);
  });

  it.each(codecs.filter(({ kind }) => kind === 'tar'))('$id lists as GNU tar does', async (codec) => {
    const passed: string[] = [];
    const code = await refusalOf(async () => {
      for await (const { name, size } of tar.pass?.(streamOf(contentOf(codec))) ?? []) passed.push(`${size} ${name}`);
    });
    expect(await refusalOf(() => tar.list(new MemoryBytes(contentOf(codec))))).toBe(code);
    if (codec.gnu_tar_rc !== 0) return void expect(code).toMatch(/^package-(damaged|truncated)$/);
    expect(code).toBe(WITHOUT_END.includes(codec.id) ? 'package-truncated' : undefined);
    expect(passed.map(escaped)).toEqual((codec.listing ?? []).filter((line) => line.startsWith('-')).map(sizeAndName));
  });

  it.each(['no-ovf', 'bad-ovf', 'not-tar'])('glance-testserver-%s.ova is refused', async (what) => {
    const content = contentOf({ stored: `packages/glance-testserver-${what}.ova` });
    const code = await refusalOf(async () => readAppliance(await tar.list(new MemoryBytes(content))));
    expect(code).toBe(what === 'not-tar' ? 'package-damaged' : 'package-descriptor');
  });

  it.each(['govmomi-ttylinux', 'cdi-fake', 'glance-testserver'])('%s.ova tells its one disk', async (name) => {
    const appliance = await readAppliance(
      await tar.list(new MemoryBytes(contentOf({ stored: `packages/${name}.ova` }))),
    );
    expect(appliance.disks).toHaveLength(1);
  });

  it('velociraptor-test.vhdx.zip gives its member', async () => {
    const [member] = await zip.list(new MemoryBytes(contentOf({ stored: 'packages/velociraptor-test.vhdx.zip' })));
    const content = await collect((await member?.stream()) ?? streamOf(new Uint8Array(0)));
    expect([content.length, Buffer.from(content.subarray(0, 8)).toString()]).toEqual([37_748_736, 'vhdxfile']);
  });
});

/** A line of `tar tv`: mode, owner, size, date, time, name. */
function sizeAndName(line: string): string {
  const [, size, name] = /^\S+ +\S+ +(\d+) \S+ \S+ (.*)$/.exec(line) ?? [];
  return `${size} ${name}`;
}

/** GNU tar writes bytes that are no text in octal. */
function escaped(line: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is escaped
  return line.replaceAll(/[\u0080-\u00ff]/g, (char) => `\\${char.charCodeAt(0).toString(8)}`);
}
