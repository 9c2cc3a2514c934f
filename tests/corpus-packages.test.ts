import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/engine/testing/temp.ts';
import { readCorpus, unstored, type PackageEntry } from './parts/corpus.ts';
import { landDisk, sparseDigest } from './parts/landed-disk.ts';
import { expectRefusal } from './parts/refusals.ts';

const { images, packages } = readCorpus();

describe.skipIf(packages.length === 0)("other people's packages [needs the corpus]", async () => {
  const folder = await tempFolder();

  for (const entry of packages) {
    const known = knownDisk(entry);
    const title = known ? 'gives the disk that is in it' : `is refused: ${entry.expected.reason}`;
    it(`${entry.id} ${title}`, async () => {
      const target = join(folder, `${entry.id}.landed`);
      const paths = [await unstored(entry.stored, folder, entry.id)];
      const work = landDisk({ paths, target });
      if (!known) return expectRefusal(work, entry.expected.reason ?? '');
      const { size } = await work;
      expect(size).toBe(known.virtual_size);
      expect(await sparseDigest(target, size)).toBe(known.sparse_digest);
    });
  }
});

/**
 * What is in the package: as the corpus says; in a zip, which is read here, one of its images.
 */
function knownDisk(entry: PackageEntry): { virtual_size?: number; sparse_digest?: string } | undefined {
  if (entry.expected.verdict === 'accept') return entry;
  if (entry.expected.reason !== 'unsupported-package') return undefined;
  return images.find(({ files }) => files.some(({ name }) => entry.id === `${name}.zip`));
}
