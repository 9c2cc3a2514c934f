import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { diskContent, type DiskContent } from '../../../testing/disk-content.ts';
import { imageConformance, surroundings } from '../../../testing/image-conformance.ts';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { makeImage, qemuIo, qemuMap, qemuRaw, type MapEntry } from '../../../testing/qemu-img.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool, run } from '../../../testing/tools.ts';
import { KiB, MiB } from '../../base/align.ts';
import { endOf } from '../../base/bytes.ts';
import type { Image } from '../image.ts';
import { qcow2 } from './qcow2.ts';

interface Variant {
  readonly options: readonly string[];
  readonly compressed?: boolean;
  readonly content?: DiskContent;
  readonly size?: number;
}

const ODD = MiB + 512;

function* matrix(): Generator<Variant> {
  for (const cluster of ['512', '4k', '64k', '2M']) {
    const size = cluster === '2M' ? 2 * MiB + 1536 : cluster === '64k' ? 3 * MiB + 3584 : ODD;
    for (const compat of ['0.10', '1.1']) {
      const options = [`cluster_size=${cluster}`, `compat=${compat}`];
      yield { options, size };
      yield { options, size, compressed: true };
    }
    yield { options: [`cluster_size=${cluster}`, 'compression_type=zstd'], size, compressed: true };
  }
  for (const cluster of ['16k', '64k', '2M']) {
    const options = [`cluster_size=${cluster}`, 'extended_l2=on'];
    yield { options, size: 2 * MiB + 512 };
    yield { options, size: 2 * MiB + 512, compressed: true };
    yield { options: [...options, 'compression_type=zstd'], size: 2 * MiB + 512, compressed: true };
  }
  for (const preallocation of ['metadata', 'falloc', 'full']) {
    yield { options: [`preallocation=${preallocation}`], size: ODD };
    yield { options: [`preallocation=${preallocation}`, 'cluster_size=4k', 'compat=0.10'], size: ODD };
    yield { options: [`preallocation=${preallocation}`, 'extended_l2=on'], size: ODD };
  }
  yield { options: ['lazy_refcounts=on'], size: ODD };
  yield { options: ['refcount_bits=1'], size: ODD };
  yield { options: ['refcount_bits=64'], size: ODD };
  for (const size of [512, 64 * KiB, 64 * KiB + 512]) yield { options: [], size, content: 'random' };
  for (const size of [512, 64 * KiB + 512]) yield { options: [], size, content: 'text', compressed: true };
  yield { options: [], size: 33 * MiB + 3584 };
  yield { options: [], size: 9 * MiB + 3584, compressed: true, content: 'text' };
  yield { options: [], size: ODD, content: 'empty' };
  yield { options: ['cluster_size=512'], size: ODD, content: 'random' };
}

/** What `qemu-img map` says, as runs of one kind: the two readers cut runs in different places. */
interface Run {
  readonly offset: number;
  readonly length: number;
  readonly kind: string;
}

function joined(runs: Iterable<Run>): Run[] {
  const all: Run[] = [];
  for (const run of runs) {
    const last = all.at(-1);
    if (last?.kind === run.kind) all[all.length - 1] = { ...last, length: last.length + run.length };
    else all.push({ offset: run.offset, length: run.length, kind: run.kind });
  }
  return all;
}

async function ourMap(image: Image): Promise<Run[]> {
  const runs: Run[] = [];
  for await (const extent of image.extents({ offset: 0, length: image.size })) runs.push(extent);
  return joined(runs);
}

async function theirMap(path: string): Promise<Run[]> {
  const entries: readonly (MapEntry & { readonly present?: boolean })[] = await qemuMap(path, 'qcow2');
  return joined(
    entries.map(({ start, length, data, present }) => {
      return { offset: start, length, kind: data ? 'data' : present ? 'zero' : 'hole' };
    }),
  );
}

function compare(name: string, make: () => Promise<{ path: string; disk: Uint8Array }>): void {
  let made: Promise<{ path: string; disk: Uint8Array; file: MemoryBytes }> | undefined;
  const once = () =>
    (made ??= make().then(async (each) => ({ ...each, file: new MemoryBytes(await readFile(each.path)) })));
  imageConformance(name, async () => ({ format: qcow2, ...(await once()) }));
  it(`${name} has the map that qemu-img gives`, async () => {
    const { path, file } = await once();
    const image = await qcow2.open(file, surroundings());
    expect(await ourMap(image)).toEqual(await theirMap(path));
  });
}

describe.skipIf(!hasTool('qemu-img'))('qcow2 images of qemu-img [needs qemu-img]', async () => {
  const folder = await tempFolder();
  for (const { options, compressed = false, content = 'mix', size = ODD } of matrix()) {
    const name = [...options, compressed ? 'compressed' : 'plain', content, size].join(' ');
    compare(name, async () => {
      const disk = diskContent(content, size);
      const path = await makeImage(disk, { folder, name: `${name}.qcow2`, format: 'qcow2', options, compressed });
      return { path, disk };
    });
  }
});

interface Scenario {
  readonly name: string;
  readonly options?: readonly string[];
  readonly size?: string;
  /** `qemu-io` commands, or arguments of `qemu-img snapshot` after a dash. */
  readonly steps: readonly string[];
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'zero clusters, plain and over stored ones',
    steps: ['write -P 1 0 1M', 'write -z 64k 128k', 'write -z -u 512k 64k', 'write -z 2M 192k', 'discard 256k 64k'],
  },
  {
    name: 'zero subclusters',
    options: ['extended_l2=on'],
    steps: ['write -P 1 4k 6k', 'write -P 2 128k 64k', 'write -z 130k 4k', 'write -z 1M 10k', 'discard 140k 8k'],
  },
  {
    name: 'discards in version 2',
    options: ['compat=0.10'],
    steps: ['write -P 1 0 1M', 'discard 128k 256k', 'write -P 2 3M 100k'],
  },
  {
    name: 'clusters written in reverse order',
    options: ['cluster_size=4k'],
    steps: [...Array(40).keys()].map((index) => `write -P ${index + 1} ${(40 - index) * 12}k 5k`),
  },
  {
    name: 'a snapshot behind which everything is written again',
    steps: ['write -P 1 0 2M', '-c first', 'write -P 2 0 1M', '-c second', 'write -P 3 512k 1M', 'write -P 4 3M 64k'],
  },
  {
    name: 'a snapshot that was applied',
    options: ['cluster_size=4k'],
    steps: ['write -P 1 0 2M', '-c first', 'write -P 2 0 3M', '-a first', 'write -P 5 1M 100k'],
  },
  {
    name: 'snapshots with 512-byte clusters',
    options: ['cluster_size=512'],
    steps: ['write -P 1 0 300k', '-c first', 'write -P 2 100k 300k', '-c second', 'write -P 3 50k 20k', '-d first'],
  },
  {
    name: 'compressed clusters written by hand, out of order, and partly overwritten',
    steps: ['write -c -P 1 1M 64k', 'write -c -P 2 0 64k', 'write -c -P 3 512k 64k', 'write -P 4 530k 3k'],
  },
  {
    name: 'snapshots of extended L2 entries',
    options: ['extended_l2=on', 'cluster_size=16k'],
    steps: ['write -P 1 0 300k', '-c first', 'write -P 2 1k 2k', 'write -z 64k 1k', 'write -P 7 2M 700'],
  },
  {
    name: 'a disk that was grown, so that its L1 table was moved behind the data',
    options: ['cluster_size=512'],
    size: '64k',
    steps: ['write -P 1 0 64k', '+4M', 'write -P 2 2M 100k', '+8M', 'write -P 3 7M 10k'],
  },
];

async function makeByHand(folder: string, { name, options = [], size = '4M', steps }: Scenario): Promise<string> {
  const path = `${folder}/${name}.qcow2`;
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...options.flatMap((each) => ['-o', each]), path, size]);
  const commands: string[] = [];
  const write = () => (commands.length > 0 ? qemuIo(path, 'qcow2', commands.splice(0)) : undefined);
  for (const step of steps) {
    if (!/^[-+]/.test(step)) commands.push(step);
    else {
      await write();
      if (step.startsWith('-')) await run('qemu-img', ['snapshot', ...step.split(' '), path]);
      else await run('qemu-img', ['resize', '-q', path, step.slice(1)]);
    }
  }
  await write();
  return path;
}

describe.skipIf(!hasTool('qemu-img'))('qcow2 images with a history [needs qemu-img]', async () => {
  const folder = await tempFolder();
  for (const scenario of SCENARIOS) {
    compare(scenario.name, async () => {
      const path = await makeByHand(folder, scenario);
      return { path, disk: await readFile(await qemuRaw(path, 'qcow2')) };
    });
  }
});

describe.skipIf(!hasTool('qemu-img'))('qcow2 images that were written out of order [needs qemu-img]', async () => {
  const folder = await tempFolder();
  for (const options of ['cluster_size=512', 'cluster_size=4k,compression_type=zstd']) {
    compare(`packed at once by 16 writers, ${options}`, async () => {
      const disk = diskContent('mix', 3 * MiB + 512);
      const path = `${folder}/${options}.qcow2`;
      await writeFile(`${path}.raw`, disk);
      const how = ['-c', '-W', '-m', '16', '-f', 'raw', '-O', 'qcow2', '-o', options];
      await run('qemu-img', ['convert', ...how, `${path}.raw`, path]);
      return { path, disk };
    });
  }
});

describe.skipIf(!hasTool('qemu-img'))('qcow2 [needs qemu-img]', async () => {
  const folder = await tempFolder();

  it('maps an empty disk of 8 TiB at once', async () => {
    const path = `${folder}/huge.qcow2`;
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', path, '8T']);
    const image = await qcow2.open(new MemoryBytes(await readFile(path)), surroundings());
    const started = performance.now();
    expect(await ourMap(image)).toEqual([{ offset: 0, length: 8 * 1024 ** 4, kind: 'hole' }]);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('tells what the image is', async () => {
    const options = ['compression_type=zstd', 'extended_l2=on', 'lazy_refcounts=on'];
    const path = await makeByHand(folder, { name: 'facts', options, steps: ['write 0 64k', '-c one', '-c two'] });
    const { facts, size } = await qcow2.open(new MemoryBytes(await readFile(path)), surroundings());
    expect(size).toBe(4 * MiB);
    expect(facts).toMatchObject({ format: 'qcow2', subformat: 'v3', clusterSize: 64 * KiB });
    expect(facts.features).toEqual(['zstd', 'extended-l2', 'lazy-refcounts', 'internal-snapshots: 2']);
    expect(facts.warnings).toHaveLength(1);
  });

  it('gives one extent for a run that is contiguous on the disk and in the file', async () => {
    const disk = diskContent('random', 4 * MiB);
    const path = await makeImage(disk, { folder, name: 'contiguous', format: 'qcow2' });
    const image = await qcow2.open(new MemoryBytes(await readFile(path)), surroundings());
    const extents = [];
    for await (const extent of image.extents({ offset: 1000, length: 3 * MiB })) extents.push(extent);
    expect(extents).toHaveLength(1);
    expect(extents[0] && endOf(extents[0])).toBe(3 * MiB + 1000);
  });
});
