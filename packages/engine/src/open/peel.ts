import type { ByteStream } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import type { FormatName, Surroundings } from '../image/image.ts';
import type { Archive, Compression, RangedMember } from '../unpack/package.ts';
import { probePackage } from '../unpack/packages.ts';
import { isCalledOva } from './appliance.ts';
import { baseName } from './choose-member.ts';
import { endsOf, type Going, type Level } from './level.ts';
import type { Layer } from './opened.ts';
import { findPassingMember, passingMember, requirePass } from './passing-member.ts';
import { chooseRangedMember } from './ranged-member.ts';

/** More packages around each other than one archive and one compression are refused: nobody packs so, attackers do. */
const DEPTH_LIMIT = 2;

export interface PeelOptions {
  readonly member: string | undefined;
  readonly format: FormatName | undefined;
  readonly around: Surroundings;
  readonly signal?: AbortSignal | undefined;
}

export interface Peeled {
  /** The level that is the image itself. */
  readonly level: Level;
  readonly layers: readonly Layer[];
  readonly around: Surroundings;
  /** Archives with a digest of all of them, of which only parts are read afterwards. */
  readonly readFirst?: readonly Level[];
}

/** Takes package after package off until none is left. */
export async function peel(level: Level, how: PeelOptions, layers: readonly Layer[] = []): Promise<Peeled> {
  const { head } = await endsOf(level, how.signal);
  const found = how.format === 'raw' && layers.length > 0 ? undefined : probePackage(head);
  if (isCalledOva(level.name) && found?.kind !== 'archive') {
    throw new DiskferryError('package-damaged', `${level.name} is called an OVA, and it is no tar`, { offset: 0 });
  }
  if (!found) return { level, layers, around: how.around };
  if (layers.length >= DEPTH_LIMIT) {
    const trail = [...layers.map(({ name }) => name), found.name].join(' > ');
    throw new DiskferryError('package-too-deep', `packages within packages: ${trail}; ${DEPTH_LIMIT} are read`);
  }
  return found.kind === 'compression' ? uncompress(found, level, how, layers) : unarchive(found, level, how, layers);
}

async function uncompress(
  compression: Compression,
  level: Level,
  how: PeelOptions,
  layers: readonly Layer[],
): Promise<Peeled> {
  const size = level.bytes && (await compression.contentSize?.(level.bytes, how.signal));
  const inner: Level = {
    name: level.name.replace(/\.(gz|tgz|xz|txz|zst|tzst|bz2|tbz2?)$/i, ''),
    bytes: undefined,
    size,
    open: (signal, going) => content(compression, level, signal, going),
    inOrder: level.inOrder,
    goesOn: compression.decodeFrom && level.openAt ? (compression.boundaries ?? true) : false,
  };
  return peel(inner, how, [
    ...layers,
    { kind: 'package', name: compression.name, ...(size === undefined ? {} : { size }) },
  ]);
}

async function content(
  compression: Compression,
  level: Level,
  signal: AbortSignal | undefined,
  going: Going | undefined,
): Promise<ByteStream> {
  const { openAt } = level;
  if (!going || !openAt || !compression.decodeFrom) return compression.decode(await level.open(signal), { signal });
  const packed = (offset: number) => openAt(offset, signal);
  return going.tap.content(compression.decodeFrom(packed, going.from?.mark, { signal }), going.from);
}

async function unarchive(archive: Archive, level: Level, how: PeelOptions, layers: readonly Layer[]): Promise<Peeled> {
  if (level.bytes) return unarchiveRanged(archive, { ...level, bytes: level.bytes }, how, layers);
  const pass = requirePass(archive, level);
  const { name, size } = await findPassingMember(pass, level, { wanted: how.member, signal: how.signal });
  const inner: Level = {
    name: baseName(name),
    bytes: undefined,
    size,
    open: async (signal, going) =>
      passingMember(pass, level, { name, chosen: how.member !== undefined, signal, going }),
    inOrder: level.inOrder,
    goesOn: level.goesOn,
  };
  return peel(inner, how, [...layers, { kind: 'package', name: archive.name, member: name, size }]);
}

async function unarchiveRanged(
  archive: Archive,
  level: Level & { readonly bytes: NonNullable<Level['bytes']> },
  how: PeelOptions,
  layers: readonly Layer[],
): Promise<Peeled> {
  const chosen = await chooseRangedMember(archive, level, { wanted: how.member, signal: how.signal });
  const layer: Layer = {
    kind: 'package',
    name: chosen.appliance ? 'ova' : archive.name,
    member: chosen.level.name,
    ...(chosen.level.size === undefined ? {} : { size: chosen.level.size }),
  };
  const around = { ...how, around: withMembers(how.around, chosen.others) };
  const peeled = await peel(chosen.level, around, [...layers, layer]);
  return level.inOrder ? { ...peeled, readFirst: [level, ...(peeled.readFirst ?? [])] } : peeled;
}

/** Extents of an image in an archive are looked for among the other members. */
function withMembers(around: Surroundings, members: readonly RangedMember[]): Surroundings {
  return {
    companion: async (name) =>
      members.find((member) => baseName(member.name) === name)?.bytes ?? around.companion(name),
  };
}
