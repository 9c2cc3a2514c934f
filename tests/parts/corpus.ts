import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';

/** Other people's images, packages and packed files, each with what is known of it. Beside the repository, or nowhere. */
const FOLDER = resolve(fileURLToPath(import.meta.url), '../../../../shared/corpus');

interface Expected {
  readonly verdict: 'accept' | 'refuse' | 'accept-or-refuse';
  readonly reason?: string;
  readonly reason_if_refused?: string;
  /** How else the entry may be treated. */
  readonly alternative?: string;
  readonly virtual_size?: number;
  readonly virtual_size_recommended?: number;
}

export interface ImageEntry {
  readonly id: string;
  readonly format: string;
  readonly files: readonly { readonly name: string; readonly stored: string; readonly size: number }[];
  readonly virtual_size?: number;
  readonly raw_size?: number;
  readonly raw_sha256?: string | null;
  readonly sparse_digest?: string;
  readonly expected: Expected;
}

export interface PackageEntry {
  readonly id: string;
  readonly stored: string;
  readonly virtual_size?: number;
  readonly sparse_digest?: string;
  readonly raw_sha256?: string;
  readonly expected: Expected;
}

export interface CodecEntry {
  readonly id: string;
  readonly stored: string;
  readonly kind: 'xz' | 'bzip2' | 'zstd' | 'tar';
  readonly expected?: 'accept' | 'refuse';
  readonly size?: number;
  readonly sha256?: string;
  readonly gnu_tar_rc?: number;
  readonly listing?: readonly string[];
}

export interface Corpus {
  readonly images: readonly ImageEntry[];
  readonly packages: readonly PackageEntry[];
  readonly codecs: readonly CodecEntry[];
}

/** Empty where the corpus is not there: its tests then skip. */
export function readCorpus(): Corpus {
  const path = join(FOLDER, 'manifest.json');
  if (!existsSync(path)) return { images: [], packages: [], codecs: [] };
  return JSON.parse(readFileSync(path, 'utf8')) as Corpus;
}

/** Puts a stored file under its own name into a folder, and gives its path. Some are stored in zstd to save space. */
export async function unstored(stored: string, folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  const from = join(FOLDER, stored);
  if (stored.endsWith('.zst') && !name.endsWith('.zst'))
    await writeFile(path, zstdDecompressSync(await readFile(from)));
  else await copyFile(from, path);
  return path;
}
