import { valueOf, type BootEntry, type GuestReport } from '../report.ts';

/** The subvolume that mount options name, as `Subvolumes.open` takes it; undefined: the default one. */
export function subvolumeIn(options: string): string | undefined {
  const words = options.split(',');
  const path = words.find((word) => word.startsWith('subvol='))?.slice('subvol='.length);
  if (path !== undefined && path !== '') return path.replace(/^\/+(?=.)|(?<=.)\/+$/g, '');
  return words.find((word) => /^subvolid=\d+$/.test(word));
}

/** The subvolume that the kernel is told to mount as its root. */
export function rootSubvolume({ arguments: words }: BootEntry): string | undefined {
  return subvolumeIn(/(?:^|\s)rootflags=(\S+)/.exec(words)?.[1] ?? '');
}

/** The entry that starts by itself. */
export function startedEntry({ entries, chosen }: GuestReport['boot']): BootEntry | undefined {
  return entries[valueOf(chosen) ?? -1];
}
