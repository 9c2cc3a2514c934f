import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNginx, type Nginx } from '../../packages/engine/testing/nginx.ts';
import { seededBytes } from '../../packages/engine/testing/seeded.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { IS_THOROUGH } from '../../packages/engine/testing/thorough.ts';
import { hasTool } from '../../packages/engine/testing/tools.ts';
import { OVA, QCOW2, RAW_GZ, RAW_PZST, RAW_XZ, RAW_ZIP, STREAM, VHD, VMDK, VMDK_ZST } from '../parts/catalogue.ts';
import { besiege, type Outcome, type Siege } from '../parts/kills.ts';
import { SAMPLE_SIZE, sampleDisk } from '../parts/sample-disk.ts';
import { hasToolsOf, toolsOf, type Wrapping } from '../parts/wrappings.ts';

/** Kills for each family, and the seed of their moments: a failure is played again with both. */
const KILLS = Number(process.env['DISKFERRY_KILLS'] ?? (IS_THOROUGH ? 50 : 16));
const SEED = Number(process.env['DISKFERRY_SEED'] ?? Math.floor(Math.random() * 1e6));
/** A copy then takes about a second, and has recorded several times before it ends. Packed images are smaller. */
const PACE = ['--bandwidth', '24M', '--commit-every', '2M'];
const SLOW_PACE = ['--bandwidth', '10M', '--commit-every', '2M'];

const FAMILIES: readonly (readonly [string, readonly Wrapping[]])[] = [
  ['qcow2', [QCOW2]],
  ['VHD', [VHD]],
  ['sparse VMDK', [VMDK]],
  ['streamOptimized VMDK', [STREAM]],
  ['compressed', [RAW_GZ, RAW_XZ, VMDK_ZST]],
  ['compressed in pieces', [RAW_ZIP, RAW_PZST]],
  ['OVA', [OVA]],
];

describe.skipIf(!hasTool('nginx'))(`a copy that is killed again and again, seed ${SEED} [needs nginx]`, async () => {
  const folder = await tempFolder();
  const oracle = join(folder, 'disk.raw');
  let nginx: Nginx;

  beforeAll(async () => {
    await writeFile(oracle, sampleDisk(2));
    nginx = await startNginx(folder);
  });
  afterAll(() => nginx[Symbol.asyncDispose]());

  /** Two at a time and more, each on a target of its own: much of a run is waiting for the network. */
  async function besiegeAll(lanes: readonly Wrapping[], more: readonly Partial<Siege>[] = []): Promise<Outcome[]> {
    for (const wrapping of new Set(lanes)) await wrapping.make(folder);
    const sieges = lanes.map((wrapping, lane) =>
      besiege({
        title: wrapping.title,
        seed: SEED + lane,
        kills: Math.ceil(KILLS / lanes.length),
        source: `${nginx.origin}/${wrapping.name}`,
        target: join(folder, `${wrapping.name}.${lane}`),
        oracle,
        flags: [...(wrapping.packages.length > 0 ? SLOW_PACE : PACE), '--create'],
        ...more[lane],
      }),
    );
    return Promise.all(sieges);
  }

  for (const [family, wrappings] of FAMILIES) {
    const can = wrappings.every(hasToolsOf);
    it.skipIf(!can)(
      `of the ${family} family ends with equal bytes every time${wrappings.map(toolsOf).join('')}`,
      async () => {
        const outcomes = await besiegeAll(
          wrappings.length > 1 ? wrappings : [...wrappings, ...wrappings, ...wrappings],
        );
        tell(family, outcomes);
        expect(sum(outcomes, 'kills')).toBeGreaterThanOrEqual(KILLS);
        if (KILLS >= 50) expect(sum(outcomes, 'resumed')).toBeGreaterThan(0);
      },
      300_000,
    );
  }

  it.skipIf(!hasToolsOf(QCOW2))(
    `over a file full of old data never lets the old data show through${toolsOf(QCOW2)}`,
    async () => {
      const old = join(folder, 'old');
      await writeFile(old, seededBytes(99, SAMPLE_SIZE + 3 * 1024 * 1024 + 77));
      const onto = (name: string): Partial<Siege> => {
        const target = join(folder, name);
        return { target, renew: () => copyFile(old, target) };
      };
      const outcomes = await besiegeAll(
        [QCOW2, QCOW2],
        [
          { ...onto('used-1.raw'), flags: [...PACE, '--yes'] },
          { ...onto('used-2.raw'), flags: PACE, firstFlags: ['--fresh'] },
        ],
      );
      tell('old data', outcomes);
      expect(sum(outcomes, 'resumed')).toBeGreaterThan(0);
    },
    300_000,
  );
});

function sum(outcomes: readonly Outcome[], key: keyof Outcome): number {
  return outcomes.reduce((total, outcome) => total + outcome[key], 0);
}

function tell(family: string, outcomes: readonly Outcome[]): void {
  const [kills, completed, resumed] = (['kills', 'completed', 'resumed'] as const).map((key) => sum(outcomes, key));
  console.log(`${family}: ${kills} kills, ${completed} copies completed, ${resumed} of them went on from a killed one`);
}
