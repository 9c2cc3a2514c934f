import { KiB } from '../base/align.ts';
import { reasonOf } from './fault.ts';
import type { Filesystem } from './filesystem/filesystem.ts';
import type { Fact } from './report.ts';

const TEXT_LIMIT = 512 * KiB;

/** A fact, or the reason why it is not known. An abort is thrown on. */
export async function fact<Value>(work: () => Promise<Fact<Value>>): Promise<Fact<Value>> {
  try {
    return await work();
  } catch (error) {
    return { unknown: reasonOf(error) };
  }
}

/** What `work` gives, or `otherwise` and a warning. */
export async function attempt<Value>(
  what: string,
  otherwise: Value,
  warn: (text: string) => void,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    warn(`${what}: ${reasonOf(error)}`);
    return otherwise;
  }
}

/**
 * A text file; undefined where there is none. Without its blank lines: a pattern that begins with blanks would take a
 * million of them for hours.
 */
export async function textFile(filesystem: Filesystem, path: string): Promise<string | undefined> {
  const bytes = await filesystem.read(path, TEXT_LIMIT);
  if (!bytes) return undefined;
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  return lines
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}

/** The text files of a directory, by their whole paths, with names that `wanted` takes; in their order. */
export async function textFiles(
  filesystem: Filesystem,
  directory: string,
  wanted: RegExp,
  limit = 64,
): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const names = (await filesystem.list(directory)).filter((name) => wanted.test(name)).slice(0, limit);
  const files: { path: string; text: string }[] = [];
  for (const name of names) {
    const path = `${directory}/${name}`;
    const text = await textFile(filesystem, path);
    if (text !== undefined) files.push({ path, text });
  }
  return files;
}

/** Lines without comments and blanks around them. */
export function linesOf(text: string): string[] {
  return text
    .split('\n', 20_000)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** `KEY=value` lines of a shell, as os-release and many others have them. */
export function assignments(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of linesOf(text)) {
    const [, key = '', value = ''] = /^(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
    if (key !== '') found.set(key, value.replace(/^(["'])(.*)\1$/, '$2'));
  }
  return found;
}
