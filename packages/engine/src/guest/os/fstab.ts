import { linesOf, textFile } from '../facts.ts';
import type { Filesystem } from '../filesystem/filesystem.ts';
import type { Fact, MountLine, VolumeFacts } from '../report.ts';
import { shown } from '../text.ts';
import { findNamed } from '../volume/device-name.ts';
import type { Volume } from '../volume/volumes.ts';
import { subvolumeIn } from './subvolume.ts';

const LINE_LIMIT = 200;
/** Filesystems of the kernel, or of the network. */
const VIRTUAL =
  /^(proc|sysfs|tmpfs|devtmpfs|devpts|cgroup2?|debugfs|efivarfs|bpf|overlay|nfs4?|cifs|fuse\..*|9p|virtiofs)$/;

export async function readFstab(files: Filesystem, volumes: readonly Volume[]): Promise<Fact<readonly MountLine[]>> {
  const text = await textFile(files, '/etc/fstab');
  if (text === undefined) return { unknown: 'there is no /etc/fstab' };
  const lines = linesOf(text)
    .slice(0, LINE_LIMIT)
    .flatMap((line) => mountLine(line, volumes));
  const value: MountLine[] = [];
  for (const line of lines) value.push(await withSubvolume(line, volumes));
  return { value, from: '/etc/fstab' };
}

/** A line of Btrfs may name a subvolume that is not there. */
async function withSubvolume(line: MountLine, volumes: readonly Volume[]): Promise<MountLine> {
  const name = subvolumeIn(line.options);
  const named = name === undefined || line.found !== 'here' ? undefined : findNamed(line.device, volumes);
  const volume = named?.by === 'identity' ? (named.volume as Volume | undefined) : undefined;
  if (name === undefined || !volume?.files?.subvolumes) return line;
  if (await volume.files.subvolumes.open(name)) return line;
  return { ...line, device: shown(`${line.device} (${name})`), found: 'missing' };
}

function mountLine(line: string, volumes: readonly VolumeFacts[]): MountLine[] {
  const [device, path, type = 'auto', options = 'defaults'] = line.split(/\s+/);
  if (device === undefined || path === undefined) return [];
  const words = options.split(',');
  const isOptional = ['nofail', 'noauto', 'x-systemd.automount', 'x-systemd.device-timeout=0'].some((word) =>
    words.includes(word),
  );
  return [
    {
      device: shown(device),
      path: shown(unescaped(path)),
      type: shown(type, 40),
      options: shown(options),
      found: foundOf(device, type, volumes),
      needed: !isOptional,
    },
  ];
}

function foundOf(device: string, type: string, volumes: readonly VolumeFacts[]): MountLine['found'] {
  if (VIRTUAL.test(type) || (type !== 'swap' && !device.startsWith('/dev/') && !device.includes('='))) return 'virtual';
  if (device.startsWith('/') && !device.startsWith('/dev/')) return 'virtual';
  const named = findNamed(device, volumes);
  if (named.by === 'kernel-name' || named.by === 'hardware') return 'by-name';
  if (named.by === 'other') return /^\/dev\/(cdrom|sr\d|fd\d|md)/.test(device) ? 'virtual' : 'missing';
  return named.volume ? 'here' : 'missing';
}

function unescaped(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

export async function readCrypttab(files: Filesystem): Promise<Fact<readonly string[]>> {
  const text = await textFile(files, '/etc/crypttab');
  return {
    value: linesOf(text ?? '')
      .slice(0, LINE_LIMIT)
      .map((line) => shown(line.split(/\s+/).slice(0, 2).join(' '))),
    from: '/etc/crypttab',
  };
}
