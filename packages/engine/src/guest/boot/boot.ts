import type { Bytes } from '../../base/bytes.ts';
import { attempt, fact } from '../facts.ts';
import type { Filesystem } from '../filesystem/filesystem.ts';
import type { PartitionTable } from '../partition/partition.ts';
import type { BootFacts } from '../report.ts';
import type { Volume } from '../volume/volumes.ts';
import { readBios, readUefi } from './firmware.ts';
import type { LoaderConfig } from './loader/entry.ts';
import { readGrub2 } from './loader/grub2.ts';
import { readGrubLegacy, readSyslinux, readSystemdBoot } from './loader/others.ts';

const READERS: readonly ((files: Filesystem) => Promise<LoaderConfig | undefined>)[] = [
  readGrub2,
  readGrubLegacy,
  readSyslinux,
  readSystemdBoot,
];

/** With which firmware the disk starts, and what its boot loader is told to start. */
export async function readBoot(
  disk: Bytes,
  table: PartitionTable,
  volumes: readonly Volume[],
  system: Filesystem | undefined,
  warn: (text: string) => void,
): Promise<BootFacts> {
  const noBios: BootFacts['bios'] = { code: null, complete: { unknown: 'the first sector could not be read' } };
  const bios = await attempt('boot code', noBios, warn, () => readBios(disk, table));
  const uefi = await fact(async () => ({ value: await readUefi(volumes), from: 'the FAT volumes' }));
  const config = await findConfig(volumes, system, warn);
  if (!config) {
    return {
      bios,
      uefi,
      loader: null,
      config: null,
      entries: [],
      chosen: { unknown: 'no configuration of a boot loader was found' },
    };
  }
  const { loader, path, entries, chosen } = config;
  return {
    bios,
    uefi,
    loader,
    config: path,
    entries,
    chosen: typeof chosen === 'number' ? { value: chosen, from: path } : { unknown: chosen },
  };
}

/** First where the system looks, then on every volume. One that only leads to another has no entries. */
async function findConfig(
  volumes: readonly Volume[],
  system: Filesystem | undefined,
  warn: (text: string) => void,
): Promise<LoaderConfig | undefined> {
  let empty: LoaderConfig | undefined;
  const places = [...(system ? [{ place: 'the system', files: system }] : []), ...volumes];
  for (const { place, files } of places) {
    for (const read of files ? READERS : []) {
      const config = await attempt(`boot loader on ${place}`, undefined, warn, () => read(files as Filesystem));
      if (config && config.entries.length > 0) return config;
      empty ??= config;
    }
  }
  return empty;
}
