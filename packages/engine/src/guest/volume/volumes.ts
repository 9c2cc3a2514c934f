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
  return [...volumes, ...(await volumesOfGroups(volumes, warn))];
}

async function openVolume(place: string, bytes: Bytes, partition: Partition | null): Promise<Volume> {
  const facts = { place, size: bytes.size, partition, bytes };
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

async function volumesOfGroups(volumes: readonly Volume[], warn: (text: string) => void): Promise<Volume[]> {
  try {
    const physical: PhysicalVolume[] = [];
    for (const { content, bytes } of volumes) {
      if (content?.kind === 'lvm') physical.push(await readPhysicalVolume(bytes));
    }
    const found: Volume[] = [];
    for (const { group, name, size, bytes, because } of logicalVolumes(physical)) {
      const place = `${group}/${name}`;
      if (bytes) found.push(await openVolume(place, bytes, null));
      else
        found.push({
          place,
          size,
          partition: null,
          bytes: new Part(volumes[0]?.bytes as Bytes, NOTHING),
          content: null,
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
