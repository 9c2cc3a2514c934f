import type { VolumeFacts } from '../report.ts';

/** How a line in fstab or on a kernel's command line finds a device. */
export type Named =
  | { readonly by: 'identity'; readonly volume: VolumeFacts | undefined }
  /** `/dev/sda1`: the name that a driver on some machine gave. */
  | { readonly by: 'kernel-name'; readonly bus: string }
  /** `/dev/disk/by-id` and `by-path`: they hold the serial or the slot of a disk. */
  | { readonly by: 'hardware' }
  | { readonly by: 'other' };

/** Which volume of this disk is meant. */
export function findNamed(spec: string, volumes: readonly VolumeFacts[]): Named {
  const text = spec
    .replaceAll(/["']/g, '')
    .replace(/^\/dev\/disk\/by-(uuid|label|partuuid|partlabel)\//, (_, kind: string) => `${kind.toUpperCase()}=`);
  const [, key = '', value = ''] = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.+)$/.exec(text) ?? [];
  if (key !== '') return { by: 'identity', volume: volumes.find((volume) => isNamed(volume, key, value)) };
  const logical = logicalName(text);
  const volume = logical && volumes.find(({ place }) => place === logical);
  if (volume) return { by: 'identity', volume };
  const bus =
    /^\/dev\/(sd|vd|hd|xvd)[a-z]{1,2}\d*$/.exec(text)?.[1] ?? /^\/dev\/(nvme|mmcblk)\d+(n\d+)?(p\d+)?$/.exec(text)?.[1];
  if (bus) return { by: 'kernel-name', bus };
  if (/^\/dev\/disk\/by-(id|path)\//.test(text)) return { by: 'hardware' };
  // An array may be called otherwise than its superblock does, and a number is given where it starts.
  if (logical?.startsWith('md/') && volumes.some(({ layers }) => layers.includes('md'))) return { by: 'other' };
  return logical ? { by: 'identity', volume: undefined } : { by: 'other' };
}

function isNamed({ content, partition }: VolumeFacts, key: string, value: string): boolean {
  if (key === 'UUID') return content?.uuid?.toLowerCase() === value.toLowerCase();
  if (key === 'LABEL') return content?.label === value;
  if (key === 'PARTUUID') return partition?.id.toLowerCase() === value.toLowerCase();
  return partition?.name === value;
}

/** `group/volume` of the two names that LVM gives; in the first one a dash within a name is doubled. */
function logicalName(text: string): string | undefined {
  const array = /^\/dev\/md(\d+)$/.exec(text)?.[1];
  if (array !== undefined) return `md/${array}`;
  const mapped = /^\/dev\/mapper\/(.+)$/.exec(text)?.[1];
  if (mapped) {
    const [group = '', volume] = mapped.split(/(?<!-)-(?!-)/);
    return volume === undefined ? undefined : `${group.replaceAll('--', '-')}/${volume.replaceAll('--', '-')}`;
  }
  const [, group = '', volume = ''] = /^\/dev\/([\w+.-]+)\/([\w+.-]+)$/.exec(text) ?? [];
  return group === '' || group === 'disk' || group === 'mapper' ? undefined : `${group}/${volume}`;
}
