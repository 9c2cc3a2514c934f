import { assignments, textFile, textFiles } from '../../facts.ts';
import type { Filesystem } from '../../filesystem/filesystem.ts';
import type { BootEntry } from '../../report.ts';
import { shown } from '../../text.ts';
import { compareVersions } from '../kernels.ts';
import { bootEntry, ENTRY_LIMIT, type LoaderConfig } from './entry.ts';

const VENDOR_LIMIT = 16;
const FOLDERS = ['/boot/grub2', '/boot/grub', '/grub2', '/grub'];

/**
 * GRUB 2, with the entries of its own file or those of the Boot Loader Specification that it includes. A file that only
 * leads to another has no entries: it counts where there is no better one.
 */
export async function readGrub2(files: Filesystem): Promise<LoaderConfig | undefined> {
  let empty: LoaderConfig | undefined;
  for (const folder of [...FOLDERS, ...(await vendorFolders(files))]) {
    const config = await readFolder(files, folder);
    if (config && config.entries.length > 0) return config;
    empty ??= config;
  }
  return empty;
}

/** With UEFI some distributions keep it on the ESP. */
async function vendorFolders(files: Filesystem): Promise<string[]> {
  const folders: string[] = [];
  for (const place of ['/boot/efi/EFI', '/efi/EFI', '/EFI']) {
    for (const vendor of (await files.list(place)).slice(0, VENDOR_LIMIT)) folders.push(`${place}/${vendor}`);
  }
  return folders;
}

async function readFolder(files: Filesystem, folder: string): Promise<LoaderConfig | undefined> {
  const path = `${folder}/grub.cfg`;
  const text = await textFile(files, path);
  if (text === undefined) return undefined;
  const environment = assignments((await textFile(files, `${folder}/grubenv`)) ?? '');
  const inside = menuEntries(text);
  const outside = /^\s*blscfg\b/m.test(text) ? await specified(files, environment.get('kernelopts') ?? '') : [];
  const entries = [...outside, ...inside].slice(0, ENTRY_LIMIT);
  const chosen = chosenOf(text, entries, environment);
  return { loader: 'grub2', path: shown(path), entries: entries.map(({ entry }) => entry), chosen };
}

interface Listed {
  readonly entry: BootEntry;
  /** By which the default may name it. */
  readonly ids: readonly string[];
  /** Its place among the first level of the menu; undefined in a submenu. */
  readonly place: number | undefined;
}

/** The blocks of `menuentry`, wherever they are. Only their braces and commands are understood, not the shell around. */
export function menuEntries(text: string): Listed[] {
  const found: Listed[] = [];
  let open: { title: string; id: string; kernel: string; args: string; initrds: string[] } | undefined;
  let submenus = 0;
  let place = 0;
  for (const line of text.split('\n', 20_000).map((each) => each.trim())) {
    const [, kind = '', title = '', rest = ''] =
      /^(menuentry|submenu)\s+(?:'([^']*)'|"(?:[^"]*)")(.*)$/.exec(line) ?? [];
    if (kind === 'submenu') {
      if (submenus++ === 0) place++;
    } else if (kind === 'menuentry') {
      const named = title === '' ? (/^menuentry\s+"([^"]*)"/.exec(line)?.[1] ?? '') : title;
      open = {
        title: named,
        id: /(?:--id\s+|menuentry_id_option\s+)'?([^'\s{]+)/.exec(rest)?.[1] ?? '',
        kernel: '',
        args: '',
        initrds: [],
      };
    } else if (open) {
      const [, command = '', words = ''] = /^(linux\w*|initrd\w*)\s+(.*)$/.exec(line) ?? [];
      const [first = '', ...more] = words.split(/\s+/);
      if (command.startsWith('linux')) Object.assign(open, { kernel: first, args: more.join(' ') });
      else if (command.startsWith('initrd')) open.initrds.push(...words.split(/\s+/));
      else if (line === '}') {
        const { title: name, id, kernel, args, initrds } = open;
        const own = submenus === 0 ? place++ : undefined;
        if (kernel !== '' && found.length < ENTRY_LIMIT)
          found.push({ entry: bootEntry(name, kernel, initrds, args), ids: [name, id], place: own });
        open = undefined;
      }
    } else if (line === '}' && submenus > 0) submenus--;
  }
  return found;
}

async function specified(files: Filesystem, kernelOptions: string): Promise<Listed[]> {
  const folder = (await files.list('/boot/loader/entries')).length > 0 ? '/boot/loader/entries' : '/loader/entries';
  const texts = (await textFiles(files, folder, /\.conf$/)).toSorted((a, b) => compareVersions(b.path, a.path));
  return texts.map(({ path, text }, place) => {
    const entry = specifiedEntry(text, kernelOptions);
    return { entry, ids: [entry.title, (path.split('/').at(-1) ?? '').replace(/\.conf$/, '')], place };
  });
}

/** One file of the Boot Loader Specification. */
export function specifiedEntry(text: string, kernelOptions = ''): BootEntry {
  const valuesOf = (key: string) =>
    [...text.matchAll(new RegExp(`^${key}\\s+(.*)$`, 'gm'))].map(([, value = '']) => value.trim());
  const args = valuesOf('options').join(' ').replaceAll('$kernelopts', kernelOptions);
  const initrds = valuesOf('initrd')
    .flatMap((line) => line.split(/\s+/))
    .filter((path) => !path.startsWith('$'));
  return bootEntry(valuesOf('title')[0] ?? '', valuesOf('linux')[0] ?? '', initrds, args);
}

function chosenOf(text: string, entries: readonly Listed[], environment: ReadonlyMap<string, string>): number | string {
  if (entries.length === 0) return 'the configuration has no entry that starts Linux';
  const literals = [...text.matchAll(/^\s*set\s+default="?([^"\n]*)"?/gm)].map(([, value = '']) => value.trim());
  const literal = literals.findLast((value) => !value.includes('next_entry')) ?? '0';
  const wanted = literal.includes('saved_entry') ? (environment.get('saved_entry') ?? '0') : literal;
  // `Advanced options>Debian, with Linux 6.1`: the last name is the entry's own.
  const name = wanted.split('>').at(-1) ?? '';
  const index = entries.findIndex(
    ({ ids, place }) => ids.includes(name) || (/^\d+$/.test(wanted) && place === Number(wanted)),
  );
  if (index >= 0) return index;
  return wanted === '' ? 0 : `the default entry "${wanted.slice(0, 100)}" is not in the configuration`;
}
