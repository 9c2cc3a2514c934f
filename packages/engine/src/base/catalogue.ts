/**
 * Every error that Diskferry reports, by its stable code. `docs/errors.md` is written from this list and a test holds
 * the two together.
 *
 * `kind` decides the exit code of the command (docs/errors.md): failed 1, usage 2, refused 3, target 4, interrupted 130.
 * `retry`: may the same call succeed if it is made again `now`, `later` (when something outside has changed), or `never`.
 */
export type ErrorKind = 'failed' | 'usage' | 'refused' | 'target' | 'interrupted';
export type Retry = 'now' | 'later' | 'never';

interface Entry {
  readonly kind: ErrorKind;
  readonly retry: Retry;
  /** What it means, one sentence. */
  readonly meaning: string;
  /** What the person can do. */
  readonly remedy: string;
}

const refused = (meaning: string, remedy: string): Entry => ({ kind: 'refused', retry: 'never', meaning, remedy });
const failed = (retry: Retry, meaning: string, remedy: string): Entry => ({ kind: 'failed', retry, meaning, remedy });
const target = (retry: Retry, meaning: string, remedy: string): Entry => ({ kind: 'target', retry, meaning, remedy });

export const CATALOGUE = {
  // image: the virtual disk and its format
  'image-not-recognised': refused(
    'Nothing that is known as a disk image lies there.',
    'Check that the link gives the image itself and not a page or an installer; a disk without any table is landed with --format raw.',
  ),
  'image-ambiguous': refused(
    'More than one format claims the file.',
    'Say which one it is with --format; a file that pretends to be two things is suspect.',
  ),
  'image-format-mismatch': refused(
    'The declared format is not the one that was found.',
    'Leave --format out, or give the format that the message names.',
  ),
  'image-damaged': refused(
    'The image is of a known format, and its structures contradict it.',
    'Export or upload the image again and compare its checksum with the original.',
  ),
  'image-truncated': refused(
    'The image refers to bytes behind its end: part of it is missing.',
    'The upload or the export did not finish: repeat it and compare the sizes.',
  ),
  'image-checksum': refused(
    'A checksum inside the image does not match.',
    'Export or upload the image again; the file has changed since it was made.',
  ),
  'image-unsupported': refused(
    'The image uses a feature or a version that is not supported; the message names it.',
    'Convert it to a plain image first, for example with qemu-img convert -O qcow2.',
  ),
  'image-unsupported-format': refused(
    'The format is known, and it is not one that can be read.',
    'Convert it to qcow2, VHD, VMDK, VHDX, VDI or raw first.',
  ),
  'image-backing-file': refused(
    'The image holds only the difference to a backing file, which is never opened.',
    'Flatten it first: qemu-img convert -O qcow2 IMAGE FLAT.',
  ),
  'image-external-data': refused(
    'The image keeps its data in another file, which is never opened because the image names it.',
    'Flatten it first: qemu-img convert -O qcow2 IMAGE FLAT.',
  ),
  'image-parent': refused(
    'The image is a snapshot delta or a differencing disk: its parent is missing.',
    'Consolidate the snapshots or merge the disk in the hypervisor and export it again.',
  ),
  'image-encrypted': refused(
    'The image is encrypted.',
    'Decrypt it first, for example with qemu-img convert and the secret.',
  ),
  'image-corrupt': refused(
    'The image is marked as corrupt by the program that wrote it.',
    'Repair it first: qemu-img check -r all IMAGE; then look at what it says is lost.',
  ),
  'image-dirty-log': refused(
    'The image was not closed cleanly and its log cannot be replayed.',
    'Open and close it once in the hypervisor that made it, then export it again.',
  ),
  'image-extent-missing': refused(
    'The descriptor lists extents that were not given.',
    'Give the descriptor and all its extents: a directory, or the files one after another.',
  ),
  'image-limit': refused(
    'The image asks for more than the limits allow: a table, a size or a count.',
    'If the image is genuine, convert it; otherwise do not trust it.',
  ),
  'image-second-pass': refused(
    'The image lies in a compressed stream in an order that cannot be landed in one pass within the limits.',
    'Unpack the package and give the image itself, or raise the spill limit.',
  ),
  // package: the wrapping around an image
  'package-damaged': refused(
    'The package is of a known kind, and its structures or checksums contradict it.',
    'Make or upload the package again and compare its checksum.',
  ),
  'package-truncated': refused(
    'The package ends before its end mark.',
    'The upload did not finish: repeat it and compare the sizes.',
  ),
  'package-unsupported': refused(
    'The package is of a kind, or uses a feature, that is not supported; the message names it.',
    'Pack the image as .gz, .xz, .zst, .bz2, .tar.*, .zip or .ova.',
  ),
  'package-too-deep': refused(
    'Packages lie within packages beyond the limit.',
    'Unpack the outer ones; one archive and one compression around an image are read.',
  ),
  'package-no-disk': refused(
    'The archive holds no disk image.',
    'Check that the right file was uploaded; name the member with --member if its kind is not recognised.',
  ),
  'package-several-disks': refused(
    'The archive holds several disk images.',
    'Choose one with --member NAME; the message lists them.',
  ),
  'package-no-member': refused('No member of that name is in the archive.', 'Take one of the names in the message.'),
  'package-descriptor': refused(
    'The OVF descriptor of the OVA is missing, or it cannot be trusted.',
    'Export the appliance again; or unpack it and give the disk itself.',
  ),
  'package-digest': refused(
    'A member does not have the digest that the OVA manifest gives it.',
    'Export or upload the appliance again; the file has changed since it was made.',
  ),
  'package-limit': refused(
    'The package asks for more than the limits allow: a window, a header, a count or a name.',
    'If the package is genuine, pack it again with common settings; otherwise do not trust it.',
  ),
  // source: where the bytes lie
  'source-not-found': failed(
    'later',
    'Nothing lies at the source.',
    'Check the path, the link, the bucket and the key.',
  ),
  'source-denied': failed(
    'later',
    'The source refuses these credentials, or wants some.',
    'Give credentials that may read the object, or a link that has not expired.',
  ),
  'source-expired': failed(
    'later',
    'The link or the credentials have expired.',
    'Run the same command with a fresh link; the copy goes on if the object is the same.',
  ),
  'source-changed': failed(
    'never',
    'The object is no longer the one that was read at first.',
    'Do not change the object during a copy; start again with --fresh to take the new one.',
  ),
  'source-unreachable': failed(
    'now',
    'The source could not be reached, or the connection broke, and retries did not help.',
    'Check the network and the name of the host, then run the same command: it goes on.',
  ),
  'source-timeout': failed(
    'now',
    'The source stopped sending, and retries did not help.',
    'Check the network, then run the same command: it goes on.',
  ),
  'source-answer': failed(
    'later',
    'The server answers in a way that cannot be trusted.',
    'Look at the server or the proxy in front of it; the message quotes what it said.',
  ),
  'source-unpinned': failed(
    'later',
    'The server gives nothing by which a change of the object during the copy could be seen.',
    'Serve it with a strong ETag or a Last-Modified date, as every object store does.',
  ),
  'source-busy': failed(
    'now',
    'The server keeps asking to slow down or fails inside.',
    'Wait and run the same command: it goes on. Fewer --connections may help.',
  ),
  'source-address': failed(
    'never',
    'The address is not allowed: private, loopback or link-local, reached by a redirect or by policy.',
    'If the address is meant, allow it with --allow-private.',
  ),
  'source-folder': failed(
    'never',
    'The file does not lie below a folder from which files may be taken, or it is no regular file.',
    'Move the file into one of the folders, or have its folder listed.',
  ),
  'source-redirect': failed(
    'never',
    'The server redirects to where we do not follow: too often, to another scheme, or from https to http.',
    'Give the final link itself.',
  ),
  'source-tls': failed(
    'never',
    'The certificate of the server is not valid.',
    'Check the name and the date; a private authority is added with NODE_EXTRA_CA_CERTS.',
  ),
  'source-checksum': failed(
    'later',
    'The object as it was read does not have the checksum that it should have.',
    'The object or the transport is damaged: upload it again or read it another way.',
  ),
  'source-no-ranges': failed(
    'never',
    'The server does not serve ranges, and the image cannot be read in one pass.',
    'Serve it with ranges (any object store does), or download it first.',
  ),
  'source-read': failed(
    'later',
    'Reading the source failed.',
    'The message gives the cause; run the same command: it goes on.',
  ),
  // target: what is written
  'target-too-small': target('later', 'The disk image is larger than the target.', 'Take a larger target, or grow it.'),
  'target-not-found': target('later', 'The target does not exist.', 'Check the name; a file is made with --create.'),
  'target-occupied': target(
    'never',
    'The target holds something, and overwriting it was not agreed to.',
    'Look at what the message says is on it; --yes overwrites it, --fresh forgets a checkpoint of another copy.',
  ),
  'target-in-use': target('later', 'The target is mounted or opened by somebody.', 'Unmount it or stop what uses it.'),
  'target-not-writable': target(
    'later',
    'The target cannot be written.',
    'Check the permissions and the read-only flag.',
  ),
  'target-unsupported': target('never', 'The target cannot do what a copy needs.', 'The message says what is missing.'),
  'target-full': {
    kind: 'failed',
    retry: 'later',
    meaning: 'The space behind the target is used up.',
    remedy: 'Make space, then run the same command: it goes on.',
  },
  'target-write': failed(
    'later',
    'Writing to the target failed.',
    'The message gives the cause; run the same command: it goes on.',
  ),
  'target-read': failed(
    'later',
    'Reading the target back failed.',
    'The message gives the cause; run the same command: it goes on.',
  ),
  'target-unreachable': failed('now', 'The connection to the target broke.', 'Run the same command: it goes on.'),
  'target-differs': failed(
    'later',
    'The target does not hold what was written to it.',
    'Do not use the disk: it lost or changed a write. Look at the device and its logs, then copy again with --fresh.',
  ),
  // checkpoint
  'checkpoint-foreign': target(
    'never',
    'The checkpoint belongs to another source, image or target.',
    'Give another --state, or forget it with --fresh (the target is then written from the start).',
  ),
  'checkpoint-damaged': failed(
    'never',
    'The checkpoint cannot be read.',
    'Forget it with --fresh; the target is then written from the start.',
  ),
  'checkpoint-busy': target(
    'later',
    'Another copy works with this checkpoint.',
    'Wait for it, or end it; two copies onto one target would spoil it.',
  ),
  // the command
  'copy-differs': failed('never', 'The two disks are not the same.', 'The message names the first difference.'),
  'service-unreachable': failed(
    'now',
    'No service of Diskferry answers.',
    'Start it with npm start or diskferry serve, or say with --server where it is.',
  ),
  usage: {
    kind: 'usage',
    retry: 'never',
    meaning: 'The command was not understood.',
    remedy: 'diskferry help, or diskferry help VERB.',
  },
  interrupted: {
    kind: 'interrupted',
    retry: 'now',
    meaning: 'The copy was interrupted; what was acknowledged is kept.',
    remedy: 'Run the same command: it goes on.',
  },
  internal: failed('never', 'A fault of Diskferry itself.', 'Please report it with the message.'),
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof CATALOGUE;
