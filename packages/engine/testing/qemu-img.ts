import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './tools.ts';

/**
 * qemu-img, the reference that readers are compared with. Only ever run on images that these tests made themselves:
 * it opens files that an image names.
 */
export interface Made {
  readonly folder: string;
  readonly name: string;
  /** qemu-img's name of the format: `vpc` is VHD. */
  readonly format: string;
  readonly options?: readonly string[];
  readonly compressed?: boolean;
}

/** Writes `content` as a raw file and converts it; gives the path of the image. */
export async function makeImage(content: Uint8Array, made: Made): Promise<string> {
  const raw = join(made.folder, `${made.name}.raw`);
  const image = join(made.folder, made.name);
  await writeFile(raw, content);
  const options = made.options?.length ? ['-o', made.options.join(',')] : [];
  const compress = made.compressed ? ['-c'] : [];
  await run('qemu-img', ['convert', '-f', 'raw', '-O', made.format, ...options, ...compress, raw, image]);
  return image;
}

export interface MapEntry {
  readonly start: number;
  readonly length: number;
  readonly data: boolean;
  readonly zero: boolean;
  readonly offset?: number;
}

export async function qemuMap(path: string, format: string): Promise<MapEntry[]> {
  return JSON.parse(await run('qemu-img', ['map', '-f', format, '--output=json', path])) as MapEntry[];
}

/** The whole disk as qemu-img reads it. */
export async function qemuRaw(path: string, format: string): Promise<string> {
  const raw = `${path}.out.raw`;
  await run('qemu-img', ['convert', '-f', format, '-O', 'raw', path, raw]);
  return raw;
}

/** Runs `qemu-io` commands on an image: for contents that convert cannot make (zero clusters, discards, snapshots). */
export async function qemuIo(path: string, format: string, commands: readonly string[]): Promise<void> {
  await run('qemu-io', ['-f', format, ...commands.flatMap((command) => ['-c', command]), path]);
}
