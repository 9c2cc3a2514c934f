import { createHash } from 'node:crypto';
import type { ByteStream } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Member, RangedMember } from '../package.ts';
import { DESCRIPTOR_LIMIT, parseDescriptor, type Descriptor, type OvfDisk } from './descriptor.ts';
import { checkDigest } from './digest-checking.ts';
import { MANIFEST_LIMIT, parseManifest, type Digest } from './manifest.ts';
import { isDescriptorName, isManifestName } from './names.ts';
import { descriptorFault } from './xml.ts';

/** An OVA (DMTF DSP0243 2.1.1 section 6.4): a tar that holds a descriptor, a manifest perhaps, and disks. */
export interface Appliance {
  readonly descriptor: Descriptor;
  /** In the order of the descriptor, each with the member that holds it. */
  readonly disks: readonly ApplianceDisk[];
  /** What the manifest tells, by member name; empty where there is none. */
  readonly digests: ReadonlyMap<string, Digest>;
}

export interface ApplianceDisk extends OvfDisk {
  readonly member: RangedMember;
}

/**
 * Reads descriptor and manifest out of the members of what is called an OVA; the descriptor's own digest is checked.
 * @throws DiskferryError `package-descriptor`, `package-digest`, `package-unsupported`, `package-limit`
 */
export async function readAppliance(members: readonly RangedMember[], signal?: AbortSignal): Promise<Appliance> {
  const [ovf, ...more] = members.filter(({ name }) => isDescriptorName(name));
  if (ovf === undefined) throw descriptorFault('the OVA holds no OVF descriptor');
  if (more.length > 0) throw descriptorFault(`the OVA holds ${more.length + 1} OVF descriptors`);
  const mf = members.find(({ name }) => isManifestName(name));
  const manifest = mf && (await textOf(mf, await mf.stream(signal), MANIFEST_LIMIT));
  const text = await textOf(ovf, await ovf.stream(signal), DESCRIPTOR_LIMIT);
  const { descriptor, digests } = parseAppliance({ name: ovf.name, text }, manifest);
  const disks = descriptor.disks.map((disk) => ({ ...disk, member: memberOf(disk, members) }));
  return { descriptor, disks, digests };
}

/**
 * What descriptor and manifest say: for an OVA that passes by, of which they are the first members.
 * @throws DiskferryError as `readAppliance`
 */
export function parseAppliance(
  ovf: { readonly name: string; readonly text: Uint8Array },
  manifest: Uint8Array | undefined,
): Pick<Appliance, 'descriptor' | 'digests'> {
  const digests = manifest === undefined ? new Map<string, Digest>() : parseManifest(manifest);
  const digest = digests.get(ovf.name);
  if (digest !== undefined) checkDigest(createHash(digest.algorithm).update(ovf.text).digest('hex'), digest, ovf.name);
  return { descriptor: parseDescriptor(ovf.text), digests };
}

/** Collects a small member. @throws DiskferryError `package-limit` */
export async function textOf(member: Member, stream: ByteStream, limit: number): Promise<Uint8Array> {
  if (member.size > limit) {
    throw new DiskferryError('package-limit', `${member.name} has ${member.size} bytes; ${limit} are allowed`);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(new Uint8Array(chunk));
  return Buffer.concat(chunks);
}

function memberOf(disk: OvfDisk, members: readonly RangedMember[]): RangedMember {
  const [member, ...more] = members.filter(({ name }) => plainName(name) === disk.href);
  if (member === undefined) throw descriptorFault('a disk of the OVF descriptor is not in the OVA');
  if (more.length > 0) throw descriptorFault('two members of the OVA have the name of a disk');
  return member;
}

/** `tar cf x.ova ./*` puts a dot in front. */
function plainName(name: string): string {
  return name.startsWith('./') ? name.slice(2) : name;
}
