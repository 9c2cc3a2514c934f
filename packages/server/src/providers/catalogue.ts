import type { Retry } from '@diskferry/engine';

interface Entry {
  readonly retry: Retry;
  /** What it means, one sentence. */
  readonly meaning: string;
  /** What the person can do. */
  readonly remedy: string;
}

const never = (meaning: string, remedy: string): Entry => ({ retry: 'never', meaning, remedy });
const later = (meaning: string, remedy: string): Entry => ({ retry: 'later', meaning, remedy });

/** Every error of providers, by its stable code. A test holds it together with what is thrown. */
export const PROVIDER_CATALOGUE = {
  'volume-not-found': never('There is no volume with this id.', 'List the volumes, and take the id from there.'),
  'instance-not-found': never('There is no instance with this id.', 'List the instances, and take the id from there.'),
  'zone-unknown': never('The provider has no such region or zone.', 'Take one of those that the message names.'),
  'zone-differs': never(
    'A volume can only be attached to an instance in its own zone.',
    'Create the volume in the zone of the instance.',
  ),
  'request-invalid': never('A value is outside what the provider takes.', 'Give a value that the message allows.'),
  'operation-key-reused': never(
    'The key already stands for another operation.',
    'Use a new key for every operation, and the same one only to run the same call again.',
  ),
  held: later(
    'Somebody else holds it: nothing may change it.',
    'Wait until the holder that the message names is done.',
  ),
  'volume-attached': later('The volume is attached to an instance.', 'Detach it first.'),
  'volume-is-system': never(
    'A system volume belongs to its instance for good.',
    'Delete the instance, or use a data volume.',
  ),
  'volume-in-use': later('Somebody writes the volume.', 'Wait until the copy is done, or stop the instance.'),
  'volume-shrinks': never('A volume never becomes smaller.', 'Give a size that is at least the present one.'),
  'volume-damaged': never(
    'The disk of the volume is gone or shorter than recorded.',
    'Put the file back from a backup, or delete the volume.',
  ),
  'volume-is-device': never(
    'The volume is a device of the machine: its size and its end are not decided here.',
    'Grow the device itself; to be rid of the volume, take it off the list in the configuration.',
  ),
  'device-unusable': later(
    'The device of the volume is gone, in use, or another one now.',
    'Do what the message says is missing: connect it, unmount it, list it again.',
  ),
  'device-refused': never(
    'A device in the configuration cannot be a volume.',
    'Change what the message names in [[service.local.devices]].',
  ),
  'attachments-full': later('The instance has as many data volumes as it can.', 'Detach one of them first.'),
  'instance-running': later('This cannot be done while the instance runs.', 'Stop the instance first.'),
  'folder-busy': later(
    'Another service works with the data folder.',
    'Stop the other service, or give this one a folder of its own.',
  ),
  'folder-damaged': never(
    'A record in the data folder is not as it was written.',
    'Put the file that the message names back from a backup.',
  ),
  'locks-missing': never(
    'The file system or the system has no locks, so two services could write one disk.',
    'Use a local file system on Linux with glibc for the data folder.',
  ),
  'storage-failed': later(
    'The data folder could not be written or read.',
    'Look for the cause that the message names: a full disk, rights, a bad medium.',
  ),
  'hypervisor-missing': later(
    'What runs instances is not installed.',
    'On Debian: apt-get install qemu-system-x86 ovmf',
  ),
  'instance-stopped': later('There is nothing to see while the instance is stopped.', 'Start the instance first.'),
  'screen-missing': later('The instance did not give its screen.', 'Try again; the message says what QEMU answered.'),
  'console-unread': later(
    'The instance did not take what was typed into its serial console.',
    'Look at the console: nothing in there may read it.',
  ),
  'guest-not-started': later('The instance could not be started.', 'The message has the last words of QEMU.'),
  'guest-not-stopped': later(
    'The process of the instance did not end.',
    'Look at the process that the message names; it waits for a disk, or belongs to another user.',
  ),
} as const satisfies Record<string, Entry>;

export type ProviderCode = keyof typeof PROVIDER_CATALOGUE;
