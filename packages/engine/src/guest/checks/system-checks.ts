import { valueOf, type GuestReport, type MountLine } from '../report.ts';
import { block, pass, SOURCES, unknown, warn, type GuestCheck } from './check.ts';

const FULL = 0.98;

function neededLines({ system }: GuestReport, found: MountLine['found']): readonly MountLine[] | undefined {
  const lines = system ? valueOf(system.fstab) : undefined;
  return lines?.filter((line) => line.found === found && line.needed);
}

function shownLines(lines: readonly MountLine[]): string {
  return lines
    .map(({ device, path }) => `${device} on ${path}`)
    .slice(0, 5)
    .join(', ');
}

/** Of the disks that a bus has: the one with the system. */
function isFirst(device: string): boolean {
  return /^\/dev\/[sv]da\d*$/.test(device);
}

/** What the system does once its kernel runs. */
export const SYSTEM_CHECKS: readonly GuestCheck[] = [
  {
    code: 'guest-fstab-missing',
    looksAt: 'whether fstab waits for disks that are not in this image',
    remedy: 'Migrate those disks too, or add nofail to their lines in /etc/fstab (or take the lines out).',
    source: SOURCES.linux,
    traits: [],
    systemOnly: true,
    judge(report) {
      if (report.system?.family !== 'linux') return undefined;
      const lines = neededLines(report, 'missing');
      if (!lines) return unknown('unknown' in report.system.fstab ? report.system.fstab.unknown : 'fstab was not read');
      // systemd goes on without a swap after 90 seconds; without anything else it stops in emergency mode.
      const fatal = lines.filter(({ type }) => type !== 'swap');
      if (fatal.length > 0) return block(`not on this disk: ${shownLines(fatal)}; the system stops in emergency mode`);
      return lines.length > 0
        ? warn(`not on this disk: ${shownLines(lines)}`)
        : pass('fstab names nothing that is missing');
    },
  },
  {
    code: 'guest-fstab-names',
    looksAt: 'whether fstab names disks by what the old machine called them (/dev/sda1, /dev/xvda1, by-id, by-path)',
    remedy: 'Name them by UUID in /etc/fstab, as blkid shows it.',
    source: SOURCES.linux,
    traits: ['bus'],
    systemOnly: true,
    judge(report, { bus }) {
      if (report.system?.family !== 'linux') return undefined;
      const lines = neededLines(report, 'by-name');
      if (!lines) return unknown('unknown' in report.system.fstab ? report.system.fstab.unknown : 'fstab was not read');
      const prefix = bus === 'virtio-blk' ? '/dev/vd' : '/dev/sd';
      const foreign = lines.filter(({ device }) => !device.startsWith(prefix));
      const fatal = foreign.filter(({ path, type }) => path !== '/' && type !== 'swap');
      if (fatal.length > 0) return block(`${shownLines(fatal)}; the system stops in emergency mode`);
      if (foreign.length > 0) return warn(shownLines(foreign));
      const others = lines.filter(({ device, path, type }) => path !== '/' && type !== 'swap' && !isFirst(device));
      if (others.length > 0)
        return warn(`${shownLines(others)}: another disk; the system stops in emergency mode if that is not there`);
      return lines.length > 0
        ? warn(`${shownLines(lines)}: fits ${bus} as long as the order of disks does not change`)
        : pass('fstab names no disk by its place');
    },
  },
  {
    code: 'guest-crypttab',
    looksAt: 'whether encrypted volumes are opened at the start',
    remedy: 'Have the passphrase at hand at the console of the target, or take the lines out of /etc/crypttab.',
    source: SOURCES.users,
    traits: [],
    systemOnly: true,
    judge({ system }) {
      const lines = system ? valueOf(system.crypttab) : undefined;
      return lines && lines.length > 0 ? warn(`/etc/crypttab opens ${lines.slice(0, 5).join(', ')}`) : undefined;
    },
  },
  {
    code: 'guest-root-space',
    looksAt: 'whether the root filesystem has room left',
    remedy: 'Make room before exporting, or grow the filesystem at the target.',
    source: SOURCES.forced,
    traits: [],
    systemOnly: true,
    judge({ system, volumes }) {
      const content = volumes.find(({ place }) => place === system?.root)?.content;
      if (!system || content?.used === undefined || !content.size) return undefined;
      const share = content.used / content.size;
      const evidence = `${system.root} is ${Math.floor(share * 100)} % full`;
      return share > FULL ? warn(evidence) : pass(evidence);
    },
  },
  {
    code: 'guest-architecture',
    looksAt: 'whether the programs of the system run on the processors of the target',
    remedy: 'Choose an instance with that architecture.',
    source: SOURCES.importing,
    traits: ['architectures'],
    systemOnly: true,
    judge({ system }, { architectures }) {
      if (!system) return undefined;
      const machine = valueOf(system.architecture);
      if (machine === undefined) return unknown('unknown' in system.architecture ? system.architecture.unknown : '');
      const evidence = `the system is for ${machine}; the target has ${architectures.join(', ')}`;
      return architectures.includes(machine) ? pass(evidence) : block(evidence);
    },
  },
  {
    code: 'guest-conflicting-software',
    looksAt:
      'whether software of the place it comes from is installed: VMware Tools, VirtualBox additions, Xen tools, agents of other clouds',
    remedy: 'Remove it before exporting, or after the first start.',
    source: SOURCES.linux,
    traits: [],
    systemOnly: true,
    judge({ system }) {
      if (!system) return undefined;
      const { conflicts } = system;
      if ('unknown' in conflicts) return unknown(conflicts.unknown);
      if (conflicts.value.length === 0) return pass('none of the known ones was found');
      return warn(conflicts.value.map(({ name, at }) => `${name} (${at})`).join(', '));
    },
  },
];
