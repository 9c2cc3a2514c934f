import { afterAll, describe, expect, it } from 'vitest';
import { asImage, asScan, fakeDisk } from '../../testing/fake-disk.ts';
import { MemoryCheckpoint } from '../../testing/memory-checkpoint.ts';
import { VolatileDisk, VolatileTarget } from '../../testing/volatile-target.ts';
import { MiB } from '../base/align.ts';
import { checkLanded, requireUnchanged } from './check-landed.ts';
import { Meter } from './meter.ts';
import { SEGMENT } from './segment.ts';
import { transfer, type Origin } from './transfer.ts';
import { Workshop } from './workshop.ts';

const SIZE = 21 * MiB + 512 * 3;
const workshop = new Workshop(1);
afterAll(() => workshop[Symbol.asyncDispose]());

const disk = fakeDisk(3, { size: SIZE, cluster: 65536, share: 0.3 });
const byRanges: Origin = { way: 'ranges', image: asImage(disk) };
const scattered: Origin = {
  way: 'pass',
  begin: async () => asScan(disk, { seed: 3, disorder: 1e5, cuts: 4, sized: true }),
};

async function landed(origin: Origin) {
  const medium = new VolatileDisk(new Uint8Array(SIZE));
  const target = new VolatileTarget(medium, { startsZeroed: true, fastZero: true });
  const checkpoint = new MemoryCheckpoint({ startedZeroed: true });
  const how = { checkpoint, workshop, meter: new Meter(), verify: 'written', width: 4, commitBytes: 4 * MiB } as const;
  const { digest } = await transfer(origin, target, how);
  return { target, checkpoint, digest, how: { checkpoint, workshop, meter: new Meter() } };
}

function changed(target: VolatileTarget, offset: number): Promise<void> {
  return target.write(offset, new Uint8Array(512).fill(0xee));
}

describe('checkLanded()', () => {
  for (const [name, origin] of Object.entries({ 'by ranges': byRanges, 'in one pass': scattered })) {
    it(`gives the digest of a disk that was landed ${name}, without the source`, async () => {
      const { target, digest, how } = await landed(origin);
      expect(await checkLanded(target, { ...how, size: SIZE, whole: false })).toEqual({ digest });
      expect(await checkLanded(target, { ...how, size: SIZE, whole: true })).toEqual({ digest });
      expect(how.meter.verified).toBe(SIZE);
    });
  }

  it('with `whole` sees one sector that is another one', async () => {
    const { target, how } = await landed(byRanges);
    await changed(target, 9 * MiB);
    const check = checkLanded(target, { ...how, size: SIZE, whole: true });
    await expect(check).rejects.toMatchObject({ code: 'target-differs' });
  });
});

describe('requireUnchanged()', () => {
  it('accepts a disk as it was left, half written or done', async () => {
    const { target, checkpoint, how } = await landed(byRanges);
    await requireUnchanged(target, { ...how, size: SIZE });
    checkpoint.kept.splice(1);
    await requireUnchanged(target, { ...how, size: SIZE });
  });

  it('refuses a disk of which a segment that was done is another one', async () => {
    const { target, checkpoint, how } = await landed(byRanges);
    const done = checkpoint.kept[0]?.segments[0]?.index ?? -1;
    await changed(target, done * SEGMENT + 1024);
    await expect(requireUnchanged(target, { ...how, size: SIZE })).rejects.toMatchObject({ code: 'target-differs' });
  });

  it('makes zero again what somebody wrote where nothing was done, so that the copy may go on', async () => {
    const { target, checkpoint, how, digest } = await landed(byRanges);
    const lost = checkpoint.kept.splice(1).find(({ segments }) => segments.length > 0)?.segments[0]?.index ?? -1;
    await changed(target, lost * SEGMENT + 1024);
    await requireUnchanged(target, { ...how, size: SIZE });
    const again = await transfer(byRanges, target, { ...how, verify: 'full', width: 4 });
    expect(again.digest).toBe(digest);
  });

  it('refuses where a segment has no digest, since it cannot be told', async () => {
    const { target, checkpoint, how } = await landed(byRanges);
    await checkpoint.commit({ segments: [], zeroed: [], torn: [{ index: 1 }] });
    await expect(requireUnchanged(target, { ...how, size: SIZE })).rejects.toThrow('1 segments have no digest');
  });
});
