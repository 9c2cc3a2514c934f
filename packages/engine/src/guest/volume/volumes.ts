import type { Bytes } from '../../base/bytes.ts';
import { reasonOf } from '../fault.ts';
import type { Filesystem } from '../filesystem/filesystem.ts';
import { openFilesystem } from '../filesystem/open-filesystem.ts';
import type { Content } from '../filesystem/signature/content.ts';
import { recognise } from '../filesystem/signature/recognise.ts';
import type { Partition, PartitionTable } from '../partition/partition.ts';
import { Part } from '../part.ts';
import type { VolumeFacts } from '../report.ts';
import { logicalVolumes } from './logical-volume.ts';
import { readPhysicalVolume, type PhysicalVolume } from './physical-volume.ts';
import { readRaidMember } from './raid-member.ts';

/** A volume with the way to its files, where there is one. */
export interface Volume extends VolumeFacts {
  readonly files: Filesystem | undefined;
  readonly bytes: Bytes;
}

/** Everything on a disk that may hold a filesystem. What cannot be opened stands there with its reason. */
export async function findVolumes(
  disk: Bytes,
  table: PartitionTable,
  warn: (text: string) => void,
): Promise<readonly Volume[]> {
  const volumes: Volume[] = [];
  if (table.kind === 'none') volumes.push(await openVolume('disk', disk, null));
  for (const partition of table.partitions) {
    const part = new Part(disk, partition);
    volumes.push(await openVolume(`partition ${partition.number}`, part, partition));
  }
  const arrays = await volumesOfRaids(volumes);
  const below = [...arrays.members, ...arrays.found];
  const groups = await volumesOfGroups(below, warn);
  // Whose volumes were found has no files of its own that could have been read.
  const held = below.map((volume) =>
    volume.content?.kind === 'lvm' && groups.length > 0 ? { ...volume, unread: null } : volume,
  );
  return [...held, ...groups];
}

async function openVolume(
  place: string,
  bytes: Bytes,
  partition: Partition | null,
  layers: Volume['layers'] = [],
): Promise<Volume> {
  const facts = { place, size: bytes.size, partition, bytes, layers };
  try {
    const content = (await recognise(bytes)) ?? null;
    return { ...facts, content, ...(await filesOf(content, bytes)) };
  } catch (error) {
    return { ...facts, content: null, files: undefined, unread: reasonOf(error) };
  }
}

async function filesOf(content: Content | null, bytes: Bytes): Promise<Pick<Volume, 'files' | 'unread'>> {
  if (!content) return { files: undefined, unread: null };
  try {
    const files = await openFilesystem(content.kind, bytes);
    return { files, unread: files ? null : `the content of ${content.kind} is not read` };
  } catch (error) {
    return { files: undefined, unread: reasonOf(error) };
  }
}

/** What lies in a RAID 1 is read from the first of its members; each member says why nothing is, where that is so. */
async function volumesOfRaids(
  volumes: readonly Volume[],
): Promise<{ readonly members: readonly Volume[]; readonly found: readonly Volume[] }> {
  const found = new Map<string, Volume>();
  const members: Volume[] = [];
  for (const volume of volumes) {
    if (volume.content?.kind !== 'md') {
      members.push(volume);
      continue;
    }
    try {
      const { name, bytes } = await readRaidMember(volume.bytes);
      const place = `md/${name}`;
      if (!found.has(place)) found.set(place, await openVolume(place, bytes, null, ['md']));
      members.push({ ...volume, unread: null });
    } catch (error) {
      members.push({ ...volume, unread: reasonOf(error) });
    }
  }
  return { members, found: [...found.values()] };
}

async function volumesOfGroups(volumes: readonly Volume[], warn: (text: string) => void): Promise<Volume[]> {
  try {
    const physical: PhysicalVolume[] = [];
    const layers: Volume['layers'][number][] = [];
    for (const { content, bytes, layers: below } of volumes) {
      if (content?.kind !== 'lvm') continue;
      physical.push(await readPhysicalVolume(bytes));
      if (below.includes('md') && !layers.includes('md')) layers.push('md');
    }
    layers.push('lvm');
    const found: Volume[] = [];
    for (const { group, name, size, bytes, because } of logicalVolumes(physical)) {
      const place = `${group}/${name}`;
      if (bytes) found.push(await openVolume(place, bytes, null, layers));
      else
        found.push({
          place,
          size,
          partition: null,
          bytes: new Part(volumes[0]?.bytes as Bytes, NOTHING),
          content: null,
          layers,
          files: undefined,
          unread: because ?? null,
        });
    }
    return found;
  } catch (error) {
    warn(`the volumes of LVM: ${reasonOf(error)}`);
    return [];
  }
}

const NOTHING = { offset: 0, length: 0 };
