import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DiskferryError } from '../packages/engine/src/index.ts';
import { tempFolder } from '../packages/engine/testing/temp.ts';
import { readCorpus, unstored, type ImageEntry } from './parts/corpus.ts';
import { landDisk, sparseDigest, type LandedDisk } from './parts/landed-disk.ts';
import { CODES_BY_REASON, expectRefusal } from './parts/refusals.ts';
import { sha256Of } from './parts/same-bytes.ts';

const { images } = readCorpus();
/** Larger disks are compared by what they hold alone. */
const PLAIN_LIMIT = 64 * 1024 * 1024;

describe.skipIf(images.length === 0)("other people's images [needs the corpus]", async () => {
  const folder = await tempFolder();

  async function land(entry: ImageEntry, how: (target: string, work: Promise<LandedDisk>) => Promise<void>) {
    const own = join(folder, entry.id);
    const paths: string[] = [];
    for (const { name, stored } of entry.files) paths.push(await unstored(stored, own, name));
    const target = join(own, 'landed.raw');
    await how(target, landDisk({ paths, target }));
    await rm(own, { recursive: true });
  }

  for (const entry of images) {
    const { verdict, reason } = entry.expected;
    if (verdict === 'refuse' && entry.expected.alternative === undefined) {
      it(`${entry.id} (${entry.format}) is refused: ${reason}`, () =>
        land(entry, (_, work) => expectRefusal(work, reason ?? '')));
    } else if (verdict === 'accept') {
      it(`${entry.id} (${entry.format}) gives the disk that is known`, () =>
        land(entry, async (target, work) => expectKnown(entry, target, await work)));
    } else {
      it(`${entry.id} (${entry.format}) gives the disk that is known, or is refused by name`, () =>
        land(entry, async (target, work) => {
          const outcome = await work.catch((error: unknown) => error);
          if (!(outcome instanceof DiskferryError)) await expectKnown(entry, target, outcome as LandedDisk);
          else expect(CODES_BY_REASON[reason ?? entry.expected.reason_if_refused ?? '']).toContain(outcome.code);
        }));
    }
  }
});

async function expectKnown(entry: ImageEntry, target: string, landed: LandedDisk): Promise<void> {
  expectKnownSize(entry, landed);
  const { raw_size: rawSize, sparse_digest: digest, raw_sha256: sha256 } = entry;
  if (rawSize === undefined || digest === undefined) return;
  expect(await sparseDigest(target, rawSize)).toBe(digest);
  if (sha256 && landed.size === rawSize && rawSize <= PLAIN_LIMIT) expect(await sha256Of(target)).toBe(sha256);
}

/** qemu-img gives some VHDs their geometry's size; we give them the footer's, and say so. */
function expectKnownSize(entry: ImageEntry, { size, warnings }: LandedDisk): void {
  const wanted = entry.expected.virtual_size_recommended ?? entry.expected.virtual_size ?? entry.virtual_size;
  if (wanted === undefined || size === wanted) return;
  expect(entry.format).toBe('vhd');
  expect(size).toBeGreaterThan(wanted);
  expect(warnings.join()).toContain(`qemu-img takes ${wanted}`);
}
