import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBytes, type Bytes, type ByteStream } from '../packages/engine/src/base/bytes.ts';
import { isZero } from '../packages/engine/src/base/zero.ts';
import { DiskferryError, openBytes, openSource, type Source } from '../packages/engine/src/index.ts';
import { ARCHIVES, COMPRESSIONS } from '../packages/engine/src/unpack/packages.ts';
import { tempFolder } from '../packages/engine/testing/temp.ts';
import { readCorpus, unstored, type CodecEntry } from './parts/corpus.ts';

const { codecs } = readCorpus();

describe.skipIf(codecs.length === 0)(
  'files that the decoders of others are tested with [needs the corpus]',
  async () => {
    const folder = await tempFolder();

    async function opened(entry: CodecEntry): Promise<Source> {
      const path = await unstored(entry.stored, folder, entry.id);
      return openSource({ kind: 'file', path: join(path) });
    }

    for (const entry of codecs.filter(({ kind }) => kind !== 'tar')) {
      it(`${entry.id} is ${entry.expected === 'accept' ? 'unpacked' : 'refused'}`, async () => {
        await using source = await opened(entry);
        const compression = COMPRESSIONS.find(({ name }) => name === entry.kind);
        const packed = await source.stream({ expect: await source.identify() });
        const work = digestOf(compression!.decode(packed));
        if (entry.expected === 'accept') expect(await work).toEqual({ size: entry.size, sha256: entry.sha256 });
        else await expect(work).rejects.toBeInstanceOf(DiskferryError);
      });
    }

    for (const entry of codecs.filter(({ kind }) => kind === 'tar')) {
      it(`${entry.id} lists the files that GNU tar lists, or is refused where it is damaged or cut off`, async () => {
        await using source = await opened(entry);
        await using bytes = await openBytes(source, await source.identify());
        const tar = ARCHIVES.find(({ name }) => name === 'tar');
        const outcome = await tar!.list(bytes).then(
          (members) => members.map(({ name, size }) => `${size} ${name}`),
          (error: unknown) => error,
        );
        const isWhole = entry.gnu_tar_rc === 0 && (await hasEndMark(bytes));
        if (isWhole) expect(outcome).toEqual(filesOf(entry.listing ?? []));
        else expect(outcome).toMatchObject({ code: expect.stringMatching(/^package-(truncated|damaged|limit)$/) });
      });
    }
  },
);

/** GNU tar takes an archive without one for whole; it may as well have been cut off between two members. */
async function hasEndMark(file: Bytes): Promise<boolean> {
  const length = Math.min(file.size, 1024);
  return isZero(await readBytes(file, { offset: file.size - length, length }));
}

async function digestOf(stream: ByteStream): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest('hex') };
}

/** Size and name of the regular files in a listing of `tar -tv`. */
function filesOf(listing: readonly string[]): string[] {
  return listing
    .filter((line) => line.startsWith('-'))
    .map((line) => /^\S+ +\S+ +(\d+) \S+ \S+ (.*)$/.exec(line))
    .map((match) => `${match?.[1]} ${unescaped(match?.[2] ?? '')}`);
}

/** `\200` in a listing is a byte that is no UTF-8; such names are taken as Latin-1 here. */
function unescaped(name: string): string {
  return name.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
