import type { ErrorCode } from '@diskferry/engine';
import type { Text } from '../text.ts';

/** Where the catalogue of the engine speaks of flags of the command, this is what can be done here. */
export const ENGINE_EN: Readonly<Partial<Record<ErrorCode, Text[1]>>> = {
  'image-not-recognised':
    'Check that the link gives the image itself and not a page or an installer; for a disk without any table, give the format raw.',
  'image-ambiguous': 'Give the format; a file that pretends to be two things is suspect.',
  'image-format-mismatch': 'Leave the format out, or give the one that the message names.',
  'image-extent-missing': 'Give an archive that holds the descriptor and all its extents, such as a tar or an OVA.',
  'package-no-disk': 'Check that the right file was uploaded; name the member if its kind is not recognised.',
  'package-several-disks': 'Give the name of one as the member; the message lists them.',
  'source-expired': 'Replace the link with a fresh one; the migration goes on if the object is the same.',
  'source-changed': 'Do not change the object during a migration; create a new migration to land the new one.',
  'source-unreachable': 'Check the network and the name of the host, then resume or retry: it goes on.',
  'source-timeout': 'Check the network, then resume or retry: it goes on.',
  'source-busy': 'Wait, then resume or retry: it goes on. A lower bandwidth may help.',
  'source-address': 'If the address is meant, have the host or its range allowed in the configuration.',
  'source-folder': 'Move the file into one of the folders, or have its folder listed in the configuration.',
  'service-unreachable': 'Start the service, or say where it is.',
  'source-tls': 'Check the name and the date; have a private authority added to the configuration.',
  'source-read': 'The message gives the cause; resume or retry: it goes on.',
  'target-not-found': 'List the volumes, and take the id from there.',
  'target-occupied': 'Look at what the message says is on it, and accept the warning if it may be overwritten.',
  'target-full': 'Make space on the machine of the volume, then retry: it goes on.',
  'target-write': 'The message gives the cause; retry: it goes on.',
  'target-read': 'The message gives the cause; retry: it goes on.',
  'target-unreachable': 'Retry: it goes on.',
  'target-differs':
    'Do not use the disk: it lost or changed a write. Look at the device and its logs, then create a new migration.',
  'checkpoint-foreign': 'Create a new migration; the disk is then written from the start.',
  'checkpoint-damaged': 'Create a new migration; the disk is then written from the start.',
  'checkpoint-busy': 'Wait for the other copy; two onto one disk would spoil it.',
  usage: 'Change what the message names.',
  interrupted: 'Retry: it goes on.',
};
