import { isDescriptor } from '../image/vmdk/descriptor.ts';
import type { Archive, RangedMember } from '../unpack/package.ts';
import { fromOffset } from '../unpack/sequence.ts';
import { applianceIn, type Appliance } from './appliance.ts';
import { baseName, chooseMember, looksLikeDisk, namedMember } from './choose-member.ts';
import { endsOf, type Level } from './level.ts';

export interface ChosenMember {
  readonly level: Level;
  /** Whether the archive is an OVA: its descriptor says which members are disks. */
  readonly appliance: boolean;
  /** The other members, for an image that is in several files. */
  readonly others: readonly RangedMember[];
}

/** Chooses the disk in an archive that can be read by ranges, without unpacking it. */
export async function chooseRangedMember(
  archive: Archive,
  level: Level & { readonly bytes: NonNullable<Level['bytes']> },
  how: { wanted: string | undefined; signal?: AbortSignal | undefined },
): Promise<ChosenMember> {
  const members = await archive.list(level.bytes, how.signal);
  const appliance = await applianceIn(level.name, members, how.signal);
  const member = await chooseFrom(level.name, members, { ...how, appliance });
  return {
    level: asLevel(member, appliance),
    appliance: appliance !== undefined,
    others: members.filter((other) => other !== member),
  };
}

async function chooseFrom(
  archive: string,
  members: readonly RangedMember[],
  how: { wanted: string | undefined; appliance: Appliance | undefined; signal?: AbortSignal | undefined },
): Promise<RangedMember> {
  if (how.wanted !== undefined) return namedMember(archive, members, how.wanted);
  return chooseMember(archive, how.appliance?.disks ?? (await disksAmong(members, how.signal)));
}

/** A member with a digest in the manifest is read in order: the digest is of all of it. */
function asLevel(member: RangedMember, appliance?: Appliance): Level {
  const check = appliance?.checkOf(member);
  const { bytes, size, streamFrom, boundaries = true } = member;
  const about = { name: baseName(member.name), bytes, size, promised: appliance?.capacityOf(member) };
  if (check) return { ...about, open: async (signal) => check(await member.stream(signal)), inOrder: true };
  return {
    ...about,
    open: async (signal, going) => {
      if (!going || !streamFrom) return member.stream(signal);
      return going.tap.content(streamFrom(going.from?.mark, { signal }), going.from);
    },
    openAt: bytes && (async (offset, signal) => fromOffset(bytes, offset, signal)),
    goesOn: streamFrom ? boundaries : false,
    inOrder: false,
  };
}

async function disksAmong(members: readonly RangedMember[], signal?: AbortSignal): Promise<readonly RangedMember[]> {
  const disks: RangedMember[] = [];
  const descriptors: string[] = [];
  for (const member of members) {
    const ends = await endsOf(asLevel(member), signal);
    if (looksLikeDisk(member.name, ends)) disks.push(member);
    if (isDescriptor(ends.head)) descriptors.push(baseName(member.name).replace(/\.vmdk$/i, ''));
  }
  return disks.filter((member) => !descriptors.some((stem) => isExtentOf(stem, baseName(member.name))));
}

/** `web-flat.vmdk`, `web-s001.vmdk` … beside `web.vmdk` are its extents and no disks of their own. */
function isExtentOf(stem: string, name: string): boolean {
  return name.startsWith(`${stem}-`) && /-(flat|delta|[sf]\d{3,})\.vmdk$/i.test(name);
}
