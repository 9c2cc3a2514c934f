import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A file of the built console, in memory: the whole is some 2 MB, and a request then opens nothing. */
export interface ConsoleFile {
  /** With a slash in front: `/assets/index-1a2b3c.js`. */
  readonly path: string;
  readonly type: string;
  readonly bytes: Buffer;
  /** Undefined where packing does not pay. */
  readonly gzip: Buffer | undefined;
  /** Its name changes with its content. */
  readonly isForever: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.png': 'image/png',
};
const PACKED = new Set(['.html', '.js', '.css', '.svg']);
const WORTH_PACKING = 1024;
const pack = promisify(gzip);

/** The built console in `folder`; undefined where it was not built. */
export async function readConsole(folder: string): Promise<readonly ConsoleFile[] | undefined> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const known = paths.filter((path) => Object.hasOwn(TYPES, extname(path)));
    const files = await Promise.all(known.map((path) => readConsoleFile(folder, path)));
    return files.some(({ path }) => path === '/index.html') ? files : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readConsoleFile(folder: string, file: string): Promise<ConsoleFile> {
  const bytes = await readFile(file);
  const path = `/${relative(folder, file).replaceAll(sep, '/')}`;
  const extension = extname(file);
  const isPacked = PACKED.has(extension) && bytes.length >= WORTH_PACKING;
  return {
    path,
    type: TYPES[extension] ?? 'application/octet-stream',
    bytes,
    gzip: isPacked ? await pack(bytes, { level: 9 }) : undefined,
    isForever: path.startsWith('/assets/'),
  };
}
