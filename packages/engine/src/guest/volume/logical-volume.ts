import { SECTOR } from '../../base/align.ts';
import type { Bytes } from '../../base/bytes.ts';
import { damaged } from '../fault.ts';
import { shown } from '../text.ts';
import { listOf, numberOf, parseMetadata, sectionOf, textOf, type Section } from './metadata-text.ts';
import type { PhysicalVolume } from './physical-volume.ts';

/** A volume of LVM. Only linear ones that lie wholly on this disk can be read. */
export interface LogicalVolume {
  readonly group: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly bytes: Bytes | undefined;
  /** Why it cannot be read. */
  readonly because: string | undefined;
}

const VOLUME_LIMIT = 256;
const SEGMENT_LIMIT = 1000;

/** The volumes of all groups whose metadata these physical volumes hold. @throws GuestFault */
export function logicalVolumes(physical: readonly PhysicalVolume[]): LogicalVolume[] {
  const byId = new Map(physical.map((volume) => [volume.id, volume.bytes]));
  const groups = new Map<string, Section>();
  for (const { text } of physical) {
    for (const [name, group] of Object.entries(text === '' ? {} : parseMetadata(text))) {
      if (typeof group !== 'object' || Array.isArray(group)) continue;
      const known = groups.get(name);
      const section = group as Section;
      if (!known || numberOf(section, 'seqno') > numberOf(known, 'seqno')) groups.set(name, section);
    }
  }
  return [...groups].flatMap(([name, group]) => volumesOf(name, group, byId)).slice(0, VOLUME_LIMIT);
}

function volumesOf(group: string, section: Section, byId: ReadonlyMap<string, Bytes>): LogicalVolume[] {
  const extent = numberOf(section, 'extent_size') * SECTOR;
  const volumes = sectionOf(section, 'logical_volumes');
  return Object.keys(volumes)
    .filter((name) => isVisible(sectionOf(volumes, name)))
    .slice(0, VOLUME_LIMIT)
    .map((name) => {
      const parts = segmentsOf(sectionOf(volumes, name));
      const size = parts.reduce((sum, part) => sum + numberOf(part, 'extent_count'), 0) * extent;
      const places = placesOf(parts, sectionOf(section, 'physical_volumes'), extent, byId);
      const named = { group: shown(group), name: shown(name), size };
      return typeof places === 'string'
        ? { ...named, bytes: undefined, because: places }
        : { ...named, bytes: new Linear(size, places), because: undefined };
    });
}

/** Parts of other volumes are hidden. */
function isVisible(volume: Section): boolean {
  const status = listOf(volume, 'status');
  return status.length === 0 || status.includes('VISIBLE');
}

function segmentsOf(volume: Section): Section[] {
  const count = Math.min(numberOf(volume, 'segment_count'), SEGMENT_LIMIT);
  return Array.from({ length: count }, (_, index) => sectionOf(volume, `segment${index + 1}`));
}

/** Kinds whose content does not lie where the metadata of the group say. */
const KINDS: Readonly<Record<string, string>> = {
  thin: 'a thin volume: where its blocks lie stands in the metadata of its pool, which are not read',
  'thin-pool': 'a pool of thin volumes, whose metadata are not read',
  snapshot: 'a snapshot, which holds only what has changed',
  cache: 'a cached volume: what is newest may lie in its cache, which is not read',
  writecache: 'a cached volume: what is newest may lie in its cache, which is not read',
  vdo: 'a deduplicated volume (VDO), which is not read',
};

interface Place {
  readonly offset: number;
  readonly length: number;
  readonly on: Bytes;
  readonly at: number;
}

function placesOf(
  segments: readonly Section[],
  physical: Section,
  extent: number,
  byId: ReadonlyMap<string, Bytes>,
): Place[] | string {
  const places: Place[] = [];
  for (const segment of segments) {
    const type = textOf(segment, 'type');
    // Behind a plus stand flags.
    const kind = type.replace(/\+.*$/s, '');
    if (kind !== 'striped') return KINDS[kind] ?? `a volume of the kind ${shown(kind, 40)}`;
    const stripes = numberOf(segment, 'stripe_count');
    if (stripes !== 1) return `a volume striped over ${stripes} physical volumes`;
    const [name, first] = listOf(segment, 'stripes');
    const volume = sectionOf(physical, String(name));
    const on = byId.get(textOf(volume, 'id').replaceAll('-', ''));
    if (!on) return `a part of it lies on ${shown(String(name), 40)}, which is not on this disk`;
    const at = numberOf(volume, 'pe_start') * SECTOR + Number(first) * extent;
    const length = numberOf(segment, 'extent_count') * extent;
    if (!(at >= 0 && at + length <= on.size)) return 'a part of it lies behind the end of the disk';
    places.push({ offset: numberOf(segment, 'start_extent') * extent, length, on, at });
  }
  return places;
}

class Linear implements Bytes {
  readonly size: number;
  readonly #places: readonly Place[];

  constructor(size: number, places: readonly Place[]) {
    this.size = size;
    this.#places = places;
  }

  async read(offset: number, into: Uint8Array): Promise<void> {
    let filled = 0;
    for (const place of this.#places) {
      const from = Math.max(offset, place.offset);
      const to = Math.min(offset + into.length, place.offset + place.length);
      if (from >= to) continue;
      await place.on.read(place.at + (from - place.offset), into.subarray(from - offset, to - offset));
      filled += to - from;
    }
    if (filled !== into.length) throw damaged(`a structure leads to byte ${offset} of a volume of ${this.size} bytes`);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
