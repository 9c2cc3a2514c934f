import type { CheckEntry, Entries } from './check-entry.ts';
import { INSTANCE } from './instance-checks.ts';

export type { CheckEntry };

const REQUEST = {
  'format-declared': {
    verdicts: ['pass', 'block'],
    title: 'The declared format is one that can be read.',
    remedy: 'Leave the format out, or declare raw, qcow2, vhd (vpc), vmdk, vhdx or vdi.',
    rule: 'The original takes qcow2, vpc (which is VHD), vmdk and raw; VHDX and VDI are read as well.',
  },
  'checksum-declared': {
    verdicts: ['pass', 'block'],
    title: 'The declared checksum is one that can be compared.',
    remedy: 'Give it as ALGORITHM:HEX, as in sha256:… with 64 digits; or leave it out.',
    rule: 'The original takes no checksum for offline migration.',
  },
  'volumes-distinct': {
    verdicts: ['pass', 'block'],
    title: 'Each image lands on a volume of its own.',
    remedy: 'Name another volume for each image.',
    rule: 'Two images on one volume would destroy each other.',
  },
  'one-provider': {
    verdicts: ['pass', 'block'],
    title: 'All targets are managed by one provider.',
    remedy: 'Create one migration for each provider.',
    rule: 'One worker does a migration, and it must reach all of its targets.',
  },
} as const satisfies Entries;

const LINK = {
  'link-readable': {
    verdicts: ['pass', 'unknown'],
    title: 'The object can be read with these rights.',
    remedy: 'Run the check again; look at the network and the server where it takes long again.',
    rule: 'The original wants the object to be public-read; here signed links and keys do as well.',
  },
  'link-wrong': {
    verdicts: ['block'],
    title: 'The link names an object.',
    remedy: 'Correct the link, the region, the endpoint or the keys as the evidence says.',
    rule: 'The original: the link is the URL of the object as the COS console shows it.',
    waitsFor: 'link',
  },
  'link-not-allowed': {
    verdicts: ['block'],
    title: 'The administrator allows sources there.',
    remedy: 'Use a public address, or have the host, the range or the folder listed in the configuration.',
    rule: 'A service that opens links of strangers must not reach into its own network.',
    waitsFor: 'link',
  },
  'link-expired': {
    verdicts: ['block'],
    title: 'The link and the credentials are still valid.',
    remedy: 'Make a new link, valid for longer than the forecast, and replace this one.',
    rule: 'Import rules of the original: InvalidUrl names an expired signature.',
    waitsFor: 'link',
  },
  'link-denied': {
    verdicts: ['block'],
    title: 'The store lets the object be read.',
    remedy: 'Give a signed link, or credentials that may read the object.',
    rule: 'The original wants public-read/private-write on the object.',
    waitsFor: 'credentials',
  },
  'credentials-unreadable': {
    verdicts: ['block'],
    title: 'The sealed credentials can be opened.',
    remedy: 'Give the link and the credentials again.',
    rule: 'Credentials are sealed with a key that is not in the database.',
    waitsFor: 'credentials',
  },
  'link-not-found': {
    verdicts: ['block'],
    title: 'Something lies at the link.',
    remedy: 'Check the bucket, the key and the version; the upload may not be done.',
    rule: 'Import rules of the original: InvalidUrl names a deleted object.',
    waitsFor: 'link',
  },
  'link-unreachable': {
    verdicts: ['block'],
    title: 'The host of the link answers.',
    remedy: 'Check the name of the host and the network from here to there, then try again.',
    rule: 'What cannot be reached now would fail after the instance was stopped.',
    waitsFor: 'person',
  },
  'link-untrusted': {
    verdicts: ['block'],
    title: 'The server answers in a way that can be trusted.',
    remedy: 'Give the final link of the object itself; look at the server or the proxy that the evidence quotes.',
    rule: 'A wrong certificate, range or redirect could mix two objects on one disk.',
    waitsFor: 'link',
  },
  'object-pinned': {
    verdicts: ['pass', 'block'],
    title: 'A change of the object during the copy would be seen.',
    remedy: 'Serve it with a strong ETag or a Last-Modified date, as every object store does.',
    rule: 'A copy that goes on after hours must read the same object.',
    waitsFor: 'link',
  },
  'region-matches': {
    verdicts: ['pass', 'block'],
    title: 'The bucket is in the region of the target.',
    remedy:
      'Copy the object into a bucket in the region of the target, or choose a target in the region of the bucket.',
    rule: 'The original: the region of the COS bucket must be the region of the target.',
  },
} as const satisfies Entries;

const IMAGE = {
  'image-recognised': {
    verdicts: ['pass', 'block', 'unknown'],
    title: 'A disk image lies in the object.',
    remedy:
      'Check that the link gives the image and not a page or an installer; declare raw for a disk without any table.',
    rule: 'The original: "could not read image metadata" when damaged or not of a supported format.',
  },
  'image-usable': {
    verdicts: ['block'],
    title: 'The image is whole, and uses only what is supported.',
    remedy: 'Export or upload the image again and compare its checksum with the original.',
    rule: 'The original: "image file check failed"; snapshot deltas are not accepted.',
  },
  'format-as-declared': {
    verdicts: ['pass', 'block'],
    title: 'The image is of the declared format.',
    remedy: 'Leave the format out, or declare the one that the evidence names.',
    rule: 'An image is never read as what it is not.',
  },
  'member-chosen': {
    verdicts: ['pass', 'block'],
    title: 'It is clear which disk of the archive is meant.',
    remedy:
      'Name one of the disks that the evidence lists as the member; create one image for each disk that you want.',
    rule: 'The original migrates an archive without unpacking; an appliance may hold several disks.',
  },
  'image-warning': {
    verdicts: ['warn'],
    title: 'Something about the image is unusual, and still safe to read.',
    remedy: 'Read the evidence, and accept it if this is the image that you mean.',
    rule: 'What the reader of the format has to say.',
  },
  'guest-inspected': {
    verdicts: ['pass', 'unknown'],
    title: 'What lies inside the image was looked at.',
    remedy: 'Read the evidence; an image that is not packed is looked at as a whole.',
    rule: 'What will not start at the target is said before it is copied; docs/checks.md has the rules.',
  },
  'copy-goes-on': {
    verdicts: ['pass', 'warn'],
    title: 'After a crash the copy goes on where it stood.',
    remedy: 'Accept it; or serve the image by ranges, without a checksum of the whole, as gzip, zstd, xz or unpacked.',
    rule: 'The original documents no resume for offline migration.',
  },
} as const satisfies Entries;

const SIZE = {
  'file-fits': {
    verdicts: ['pass', 'warn', 'block'],
    title: 'The file is not larger than the volume.',
    remedy: 'Choose or grow a volume; accept the warning where the disk inside fits, for only the disk is written.',
    rule: 'The original: the uploaded image must not be larger than the target disk.',
  },
  'disk-fits': {
    verdicts: ['pass', 'block'],
    title: 'The virtual disk is not larger than the volume.',
    remedy: 'Grow the volume to at least the size of the disk, or choose a larger one.',
    rule: 'The original: the target must hold the source disk, and should be larger.',
  },
  'disk-size-known': {
    verdicts: ['pass', 'warn'],
    title: 'The size of the virtual disk is known before the copy.',
    remedy:
      'Accept it where you know that the disk fits: otherwise the copy fails in its middle. qcow2 and VHD tell their size.',
    rule: 'A stream tells its size with its last byte.',
  },
  'volume-larger': {
    verdicts: ['pass'],
    title: 'The volume is larger than the disk.',
    remedy: null,
    rule: 'The original: the target should be larger than the source disk. Nothing grows the partitions.',
  },
} as const satisfies Entries;

const VOLUME = {
  'volume-exists': {
    verdicts: ['pass', 'block', 'unknown'],
    title: 'The volume is there.',
    remedy: 'List the volumes, and take the id from there.',
    rule: 'The target must exist.',
  },
  'provider-reachable': {
    verdicts: ['pass', 'block'],
    title: 'A worker that reaches the provider is there.',
    remedy: 'Start a worker on a machine that reaches the provider, or wait for it.',
    rule: 'A migration goes only to a worker that can reach its target.',
    waitsFor: 'worker',
  },
  'volume-usable': {
    verdicts: ['pass', 'block'],
    title: 'The volume is neither expired nor damaged.',
    remedy: 'Do what the evidence says, such as renewing it; or choose another volume.',
    rule: 'The original: the target must be in its paid period; expired ones cannot complete.',
  },
  'volume-at-rest': {
    verdicts: ['pass', 'block'],
    title: 'Nothing is being done with the volume just now.',
    remedy: 'Wait until that is done, then try again.',
    rule: 'A disk that is being attached or grown cannot be written.',
    waitsFor: 'person',
  },
  'volume-free': {
    verdicts: ['pass', 'block', 'unknown'],
    title: 'Nobody else holds the volume.',
    remedy: 'Wait until the migration that the evidence names is over, or cancel it.',
    rule: 'One migration at a time writes a volume.',
    waitsFor: 'person',
  },
  'volume-attachment': {
    verdicts: ['pass', 'block'],
    title: 'The volume is attached to the instance that was named, or to none.',
    remedy: 'Name the instance that the volume is attached to, or detach it.',
    rule: 'The original: data disks must be attached to the target instance already.',
  },
  'target-overwritten': {
    verdicts: ['pass', 'warn', 'unknown'],
    title: 'Nothing on the volume will be lost.',
    remedy: 'Look at what the evidence says is on it, and keep a copy of what you need. All of it will be overwritten.',
    rule: 'The target is overwritten as a whole. A worker asks for this to be accepted also where nobody could look.',
  },
  'provider-space': {
    verdicts: ['pass', 'warn', 'unknown'],
    title: 'The provider has room for the whole disk.',
    remedy: 'Make room at the provider; holes in the image may need none.',
    rule: 'A volume may be promised more than there is.',
  },
} as const satisfies Entries;

/**
 * Every check of the preflight by its stable code: never renamed, for warnings are accepted by it. `docs/preflight.md` is
 * written from these lists, and tests hold them together with what the checks say.
 */
export const CHECKS = { ...REQUEST, ...LINK, ...IMAGE, ...SIZE, ...VOLUME, ...INSTANCE } as const satisfies Entries;

/** The chapters, in the order in which a person asks. */
export const CHECK_GROUPS: readonly { readonly title: string; readonly about: string; readonly checks: Entries }[] = [
  { title: 'The request', about: 'What was asked for, by itself.', checks: REQUEST },
  {
    title: 'The link',
    about: 'Whether the object can be read with these rights, and stays the same object.',
    checks: LINK,
  },
  { title: 'The image', about: 'What lies in the object.', checks: IMAGE },
  { title: 'The sizes', about: 'Whether it fits. Both sizes are compared, each by a check of its own.', checks: SIZE },
  { title: 'The volume', about: 'The disk that is to be written.', checks: VOLUME },
  { title: 'The instance', about: 'The server that the disk belongs to.', checks: INSTANCE },
];

export type CheckCode = keyof typeof CHECKS;
