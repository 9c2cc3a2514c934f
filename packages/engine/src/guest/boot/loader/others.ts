import { linesOf, textFile, textFiles } from '../../facts.ts';
import type { Filesystem } from '../../filesystem/filesystem.ts';
import { compareVersions } from '../kernels.ts';
import { bootEntry, ENTRY_LIMIT, type LoaderConfig } from './entry.ts';
import { specifiedEntry } from './grub2.ts';
import type { BootEntry } from '../../report.ts';

/** GRUB 0.97, as CentOS 6 has it. */
export async function readGrubLegacy(files: Filesystem): Promise<LoaderConfig | undefined> {
  for (const path of ['/boot/grub/grub.conf', '/boot/grub/menu.lst', '/grub/grub.conf', '/grub/menu.lst']) {
    const text = await textFile(files, path);
    if (text === undefined) continue;
    const entries = grubLegacyEntries(text);
    const chosen = Number(/^default[= ](\d+)/m.exec(text)?.[1] ?? 0);
    return {
      loader: 'grub',
      path,
      entries,
      chosen: chosen < entries.length ? chosen : `entry ${chosen} is not in the configuration`,
    };
  }
  return undefined;
}

function grubLegacyEntries(text: string): BootEntry[] {
  return text
    .split(/^title\s+/m)
    .slice(1, ENTRY_LIMIT)
    .map((block) => {
      const [title = ''] = block.split('\n', 1);
      const words = /^\s*kernel\s+(?:\(hd\d+,\d+\))?(\S+)(.*)$/m.exec(block);
      const initrd = /^\s*initrd\s+(?:\(hd\d+,\d+\))?(\S+)/m.exec(block)?.[1];
      return bootEntry(title, words?.[1] ?? '', initrd === undefined ? [] : [initrd], (words?.[2] ?? '').trim());
    });
}

const SYSLINUX = ['/boot/syslinux', '/boot/extlinux', '/syslinux', '/extlinux', '/isolinux', '/boot'];

/** SYSLINUX and its kin. */
export async function readSyslinux(files: Filesystem): Promise<LoaderConfig | undefined> {
  for (const path of [
    ...SYSLINUX.flatMap((folder) =>
      ['syslinux.cfg', 'extlinux.conf', 'isolinux.cfg'].map((name) => `${folder}/${name}`),
    ),
    '/syslinux.cfg',
    '/extlinux.conf',
  ]) {
    const text = await textFile(files, path);
    if (text === undefined) continue;
    const labels = syslinuxEntries(text);
    const wanted = /^\s*default\s+(\S+)/im.exec(text)?.[1];
    const found = labels.findIndex(({ label }) => label === wanted);
    return {
      loader: 'syslinux',
      path,
      entries: labels.map(({ entry }) => entry),
      chosen: found >= 0 ? found : labels.length > 0 ? 0 : 'the configuration has no entry',
    };
  }
  return undefined;
}

function syslinuxEntries(text: string): { readonly label: string; readonly entry: BootEntry }[] {
  return text
    .split(/^\s*label\s+/im)
    .slice(1, ENTRY_LIMIT)
    .map((block) => {
      const [label = ''] = block.split('\n', 1);
      const kernel = /^\s*(?:kernel|linux)\s+(\S+)/im.exec(block)?.[1] ?? '';
      const args = /^\s*append\s+(.*)$/im.exec(block)?.[1] ?? '';
      const initrds = /^\s*initrd\s+(\S+)/im.exec(block)?.[1] ?? /(?:^|\s)initrd=(\S+)/.exec(args)?.[1] ?? '';
      const title = /^\s*menu label\s+(.*)$/im.exec(block)?.[1] ?? label;
      return {
        label: label.trim(),
        entry: bootEntry(title.trim(), kernel, initrds.split(',').filter(Boolean), args.trim()),
      };
    });
}

/** systemd-boot: its files lie on the ESP. */
export async function readSystemdBoot(files: Filesystem): Promise<LoaderConfig | undefined> {
  const path = '/loader/loader.conf';
  const text = await textFile(files, path);
  if (text === undefined) return undefined;
  const listed = (await textFiles(files, '/loader/entries', /\.conf$/)).toSorted((a, b) =>
    compareVersions(b.path, a.path),
  );
  const pattern = linesOf(text)
    .map((line) => /^default\s+(\S+)/.exec(line)?.[1])
    .find(Boolean);
  const prefix = pattern?.replace(/\*.*$/, '').replace(/\.conf$/, '');
  const found = listed.findIndex(
    (entry) => prefix !== undefined && (entry.path.split('/').at(-1) ?? '').startsWith(prefix),
  );
  const entries = listed.slice(0, ENTRY_LIMIT).map((entry) => specifiedEntry(entry.text));
  return {
    loader: 'systemd-boot',
    path,
    entries,
    chosen: entries.length === 0 ? 'there is no entry' : Math.max(0, found),
  };
}
