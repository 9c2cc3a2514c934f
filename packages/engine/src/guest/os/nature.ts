import type { PartitionTable } from '../partition/partition.ts';
import type { GuestReport, Nature, VolumeFacts } from '../report.ts';
import { shown } from '../text.ts';
import type { Roots } from './find-root.ts';

/** What kind of disk this is, and what shows it. */
export function natureOf(
  table: PartitionTable,
  volumes: readonly VolumeFacts[],
  { roots, unseen }: Roots,
): GuestReport['nature'] {
  const [root] = roots;
  const contents = volumes.flatMap(({ content }) => (content ? [content] : []));
  if (volumes.some(({ place, content }) => place === 'disk' && content?.kind === 'iso9660')) {
    return told('installer', 'the disk is an ISO 9660 medium');
  }
  if (root) {
    return table.kind === 'none'
      ? told('partition', `a system lies on the bare disk, without a partition table`)
      : told('system', `${root.family === 'windows' ? 'Windows' : 'a Linux system'} lies on ${placeOf(root)}`);
  }
  if (unseen[0] !== undefined) return told('unknown', unseen[0]);
  const encrypted = volumes.find(({ content }) => content?.kind === 'luks' || content?.kind === 'bitlocker');
  if (encrypted) return told('encrypted', `${encrypted.place} is encrypted (${encrypted.content?.kind})`);
  const unread = volumes.find(({ content, layers, unread: because }) => {
    return because !== null && (content ? content.kind !== 'swap' : layers.includes('lvm'));
  });
  if (unread) return told('unknown', `${unread.place}: ${unread.unread}`);
  if (contents.length === 0) {
    return table.partitions.length === 0
      ? told('blank', 'nothing was recognised on the disk')
      : told('unknown', 'nothing was recognised on any partition');
  }
  return told(
    'data',
    `no operating system on ${volumes
      .filter(({ content }) => content)
      .map(({ place }) => place)
      .join(', ')}`,
  );
}

function placeOf({ volume, subvolume }: Roots['roots'][number]): string {
  return subvolume === undefined ? volume.place : `${volume.place}, subvolume ${shown(subvolume)}`;
}

function told(kind: Nature, because: string): GuestReport['nature'] {
  return { kind, because };
}
