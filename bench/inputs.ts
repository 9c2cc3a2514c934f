import { mkdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasTool } from '../packages/engine/testing/tools.ts';
import type { DiskShape } from './disk.ts';
import { type Recipe, recipes } from './recipes.ts';
import { formatSize } from './units.ts';

export interface Input {
  readonly name: string;
  readonly path: string;
  /** Length of the file. */
  readonly bytes: number;
  readonly virtualSize: number;
  /** Bytes of the disk that hold data: what any program must write. */
  readonly data: number;
}

type Made = Omit<Input, 'path'>;

/** Makes what is missing of the wanted inputs (and what those are made of), once: a manifest tells what is there. */
export async function prepareInputs(
  folder: string,
  shape: DiskShape,
  wanted: readonly string[],
  say: (text: string) => void,
): Promise<Map<string, Input>> {
  await mkdir(folder, { recursive: true });
  const manifest = await readManifest(folder);
  const chosen = withOrigins(recipes(shape), wanted);
  const missing = chosen.filter(({ name }) => !manifest.has(name));
  await requireTools(missing);
  await requireSpace(folder, shape, missing);
  for (const recipe of missing) {
    say(`making ${recipe.name}`);
    manifest.set(recipe.name, await make(recipe, folder, manifest));
    await writeManifest(folder, manifest);
  }
  return new Map(chosen.map(({ name }) => [name, { ...manifest.get(name)!, path: join(folder, name) }])); // all are made now
}

async function make(recipe: Recipe, folder: string, made: ReadonlyMap<string, Made>): Promise<Made> {
  const path = join(folder, recipe.name);
  const partial = join(folder, `partial-${recipe.name}`);
  await rm(partial, { force: true });
  const data = (await recipe.make(partial, folder)) ?? made.get(recipe.from ?? '')?.data ?? 0;
  await rename(partial, path);
  return { name: recipe.name, bytes: (await stat(path)).size, virtualSize: recipe.virtualSize, data };
}

function withOrigins(all: readonly Recipe[], wanted: readonly string[]): Recipe[] {
  const names = new Set(wanted);
  for (const { name, from } of all.toReversed()) if (names.has(name) && from !== undefined) names.add(from);
  return all.filter(({ name }) => names.has(name));
}

async function requireTools(missing: readonly Recipe[]): Promise<void> {
  const tools = new Set(missing.flatMap(({ needs }) => needs).filter((tool) => !hasTool(tool)));
  if (tools.size > 0) throw new Error(`to make the inputs, install ${[...tools].join(', ')}`);
}

/** Beside the inputs a run needs room for the target and a peer's scratch file. */
async function requireSpace(folder: string, { allocated }: DiskShape, missing: readonly Recipe[]): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const inputs = missing.reduce((sum, { space }) => sum + space * allocated, 0);
  const runs = 4.5 * allocated;
  if (inputs + runs <= bavail * bsize) return;
  throw new Error(
    `${folder} has ${formatSize(bavail * bsize)} free: ${formatSize(inputs)} are needed for inputs and ${formatSize(runs)} for targets and scratch files; --small needs a quarter`,
  );
}

async function readManifest(folder: string): Promise<Map<string, Made>> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => '[]');
  const entries = JSON.parse(text) as Made[];
  const sizes = await Promise.all(
    entries.map(({ name }) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => -1,
      ),
    ),
  );
  return new Map(entries.filter(({ bytes }, index) => bytes === sizes[index]).map((entry) => [entry.name, entry]));
}

async function writeManifest(folder: string, manifest: ReadonlyMap<string, Made>): Promise<void> {
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify([...manifest.values()], undefined, 2)}\n`);
}
