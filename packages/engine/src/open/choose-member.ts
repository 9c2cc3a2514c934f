import { DiskferryError } from '../base/errors.ts';
import { FORMATS } from '../image/formats.ts';
import type { Ends } from '../image/image.ts';
import { rawContent } from '../image/raw/content.ts';
import { isDescriptor } from '../image/vmdk/descriptor.ts';
import { probePackage } from '../unpack/packages.ts';

/** Names that people give to disks in archives (Google Cloud wants `disk.raw`): a fixed VHD shows nothing at its head. */
const DISK_NAME = /\.(raw|img|dd|bin|hdd|vhd|vpc|qcow2?|vmdk|vhdx|vdi)$/i;

/** How sure we are that a member is a disk: its mark, or only its name. */
export function looksLikeDisk(name: string, ends: Ends): boolean {
  if (ends.size === 0) return false;
  if (FORMATS.some((format) => format.probe(ends)) || isDescriptor(ends.head)) return true;
  const kind = rawContent(ends.head, ends.size).kind;
  if (kind === 'partition-table') return true;
  if (kind === 'text') return false;
  return kind === 'filesystem' || DISK_NAME.test(name) || probePackage(ends.head) !== undefined;
}

/**
 * The member to take: the declared one, or the only one.
 * @throws DiskferryError `package-no-member`, `package-no-disk`, `package-several-disks`: each lists the names
 */
export function chooseMember<Candidate extends { readonly name: string }>(
  archive: string,
  candidates: readonly Candidate[],
): Candidate {
  const [only, ...others] = candidates;
  if (!only) throw new DiskferryError('package-no-disk', `${archive} holds no disk image`);
  if (others.length > 0) {
    throw new DiskferryError('package-several-disks', `${archive} holds several disks: ${listed(candidates)}`);
  }
  return only;
}

/** The member that the person named: whole name, or base name where it is unique. */
export function namedMember<Candidate extends { readonly name: string }>(
  archive: string,
  members: readonly Candidate[],
  wanted: string,
): Candidate {
  const found = members.find(({ name }) => isNamed(name, wanted));
  if (found) return found;
  throw new DiskferryError('package-no-member', `${archive} has no member ${wanted}; it has ${listed(members)}`);
}

export function isNamed(name: string, wanted: string): boolean {
  return name === wanted || baseName(name) === wanted;
}

export function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

const LISTED = 20;

/** Names from an archive in a message: few, and without control characters. */
export function listed(members: readonly { readonly name: string }[]): string {
  const names = members.slice(0, LISTED).map(({ name }) => printable(name));
  return names.join(', ') + (members.length > LISTED ? ` and ${members.length - LISTED} more` : '');
}

function printable(name: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is taken out
  return name.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?').slice(0, 200);
}
