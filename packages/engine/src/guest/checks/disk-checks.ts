import { valueOf } from '../report.ts';
import { block, pass, SOURCES, unknown, warn, type GuestCheck } from './check.ts';

/** What the disk is, and whether it is whole. */
export const DISK_CHECKS: readonly GuestCheck[] = [
  {
    code: 'guest-nature',
    looksAt: 'whether the image holds a system, and not data, an installer, a single partition, or nothing',
    remedy: 'Give the image of the whole system disk: with its partition table, not the medium it was installed from.',
    source: SOURCES.importing,
    traits: [],
    systemOnly: true,
    judge({ nature: { kind, because } }) {
      if (kind === 'system') return pass(because);
      if (kind === 'unknown' || kind === 'encrypted') return unknown(because);
      return block(`${because} (${kind})`);
    },
  },
  {
    code: 'guest-disk-cut',
    looksAt: 'whether every partition lies wholly on the disk',
    remedy: 'The image was cut, or its export ended early: export the whole disk again.',
    source: SOURCES.importing,
    traits: [],
    systemOnly: false,
    judge({ volumes, diskSize }) {
      const cut = volumes.find(({ partition }) => partition && partition.missing > 0);
      if (cut)
        return block(`${cut.place} ends ${cut.partition?.missing} bytes behind the end of the disk (${diskSize})`);
      return volumes.some(({ partition }) => partition) ? pass('every partition lies on the disk') : undefined;
    },
  },
  {
    code: 'guest-volume-cut',
    looksAt: 'whether every filesystem is as large as the place it lies in allows',
    remedy: 'The partition was made smaller than its filesystem, or the image was cut: export the disk again.',
    source: SOURCES.users,
    traits: [],
    systemOnly: false,
    judge({ volumes }) {
      const sized = volumes.filter(({ content }) => content?.size !== undefined && content.kind !== 'lvm');
      const cut = sized.find(({ content, size }) => (content?.size ?? 0) > size);
      if (cut)
        return block(`${cut.content?.kind} on ${cut.place} has ${cut.content?.size} bytes, its place ${cut.size}`);
      return sized.length > 0 ? pass('every filesystem fits its place') : undefined;
    },
  },
  {
    code: 'guest-partition-table',
    looksAt: 'whether the target takes the kind of partition table',
    remedy:
      'Convert the disk to MBR (for a system, with BIOS boot) before exporting it, or choose a target that takes GPT.',
    source: SOURCES.linux,
    traits: ['tables'],
    systemOnly: true,
    judge({ table: { kind } }, { tables }) {
      if (kind === 'unknown') return unknown('the partition table could not be read');
      if (kind === 'none') return undefined;
      const needed = kind === 'mbr' ? 'mbr' : 'gpt';
      return tables.includes(needed)
        ? pass(`the disk has ${needed}`)
        : block(`the disk has ${kind}; the target takes ${tables.join(', ')}`);
    },
  },
  {
    code: 'guest-partition-table-damaged',
    looksAt: 'whether both copies of a GPT are whole, and the chain of logical partitions is',
    remedy: 'Repair the table before exporting: sgdisk -v and -e, or gdisk.',
    source: SOURCES.users,
    traits: [],
    systemOnly: false,
    judge({ table: { kind }, warnings }) {
      const damage = warnings.find((text) => /GPT header|chain of logical|protective MBR/.test(text));
      if (damage?.includes('not seen')) return unknown(damage);
      if (damage !== undefined) return warn(damage);
      return kind === 'none' || kind === 'unknown' ? undefined : pass('the partition table is whole');
    },
  },
  {
    code: 'guest-encrypted',
    looksAt: 'whether a part of the disk is encrypted',
    remedy:
      'Have the passphrase at hand at the console of the target; a key that lies in a TPM does not move with the disk.',
    source: SOURCES.users,
    traits: [],
    systemOnly: false,
    judge({ volumes }) {
      const found = volumes.find(({ content }) => content?.kind === 'luks' || content?.kind === 'bitlocker');
      return found ? warn(`${found.place} is encrypted (${found.content?.kind})`) : undefined;
    },
  },
  {
    code: 'guest-other-disks',
    looksAt: 'whether a RAID, a volume group or a Btrfs needs disks that are not in this image',
    remedy: 'Migrate all disks of the group together, or move the system onto one disk first.',
    source: SOURCES.linux,
    traits: [],
    systemOnly: false,
    judge({ volumes }) {
      const member = volumes.find(({ content }) => content?.states.includes('incomplete'));
      if (member) return warn(`${member.place}: ${member.content?.detail ?? 'other devices belong to it'}`);
      const elsewhere = volumes.find(({ unread }) => unread?.includes('not on this disk'));
      return elsewhere ? warn(`${elsewhere.place}: ${elsewhere.unread}`) : undefined;
    },
  },
  {
    code: 'guest-filesystem-state',
    looksAt: 'whether the filesystems were unmounted, and have no known errors',
    remedy: 'Shut the system down and export it again; a disk that was copied while it ran may be torn.',
    source: SOURCES.linux,
    traits: [],
    systemOnly: false,
    judge({ volumes }) {
      const states = (state: 'errors' | 'needs-recovery' | 'dirty') =>
        volumes.filter(({ content }) => content?.states.includes(state)).map(({ place }) => place);
      if (states('errors').length > 0) return warn(`known errors on ${states('errors').join(', ')}`);
      const live = [...states('needs-recovery'), ...states('dirty')];
      if (live.length > 0)
        return warn(`${live.join(', ')} was not unmounted: what its journal holds was not looked at`);
      return volumes.some(({ content }) => content) ? pass('no filesystem says that it was in use') : undefined;
    },
  },
  {
    code: 'guest-hibernated',
    looksAt: 'whether a system sleeps on the disk (hibernation, Fast Startup of Windows)',
    remedy: 'Start it, switch hibernation off (Windows: powercfg /h off), shut it down, export it again.',
    source: SOURCES.users,
    traits: [],
    systemOnly: false,
    judge({ volumes, system }) {
      const asleep = volumes.find(({ content }) => content?.states.includes('hibernated'));
      if (asleep) return block(`${asleep.place} holds the memory of a sleeping system`);
      const fact = system?.windows?.hibernated;
      if (!fact) return undefined;
      const isAsleep = valueOf(fact);
      if (isAsleep === undefined) return unknown('unknown' in fact ? fact.unknown : '');
      return isAsleep
        ? block('Windows is hibernated or was shut down with Fast Startup')
        : pass('Windows was shut down');
    },
  },
];
