import type { ByteStream } from '../base/bytes.ts';
import { isDescriptorName } from '../unpack/ova/names.ts';
import type { RangedMember } from '../unpack/package.ts';

/** What an OVA says of its members. */
export interface Appliance {
  /** The members that its descriptor lists as disks, in its order. */
  readonly disks: readonly RangedMember[];
  /** Bytes that the descriptor promises of a disk, where it does. */
  capacityOf(member: RangedMember): number | undefined;
  /** Puts the comparison with the manifest's digest around the member's stream; undefined where it gives none. */
  checkOf(member: RangedMember): ((stream: ByteStream) => ByteStream) | undefined;
}

/** A tar is an OVA when it is called one or holds an OVF descriptor. */
export async function applianceIn(
  name: string,
  members: readonly RangedMember[],
  signal?: AbortSignal,
): Promise<Appliance | undefined> {
  if (!isCalledOva(name) && !members.some((member) => isDescriptorName(member.name))) return undefined;
  const { readAppliance } = await import('../unpack/ova/appliance.ts');
  const { digestChecking } = await import('../unpack/ova/digest-checking.ts');
  const { disks, digests } = await readAppliance(members, signal);
  return {
    disks: disks.map(({ member }) => member),
    capacityOf: (member) => disks.find((disk) => disk.member === member)?.capacityBytes,
    checkOf(member) {
      const digest = digests.get(member.name) ?? digests.get(member.name.replace(/^\.\//, ''));
      return digest && ((stream) => digestChecking(stream, digest, member.name));
    },
  };
}

export function isCalledOva(name: string): boolean {
  return /\.ova$/i.test(name);
}
