import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSource, type SourceFile } from './imports.ts';
import type { Package } from './rules.ts';

const FOLDERS = ['packages', 'tests', 'tools', 'bench'];
const LEFT_OUT = ['node_modules', 'dist', 'work'];

/** Every TypeScript file of the repository. */
export function readSources(root: string): SourceFile[] {
  const folders = FOLDERS.map((folder) => join(root, folder)).filter((folder) => existsSync(folder));
  return folders
    .flatMap((folder) => filesIn(folder))
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => parseSource(relative(root, path), readFileSync(path, 'utf8')));
}

export function readPackages(root: string): Package[] {
  const folders = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  return ['', ...folders].map((folder) => {
    const content = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
    const { name = '', dependencies = {}, devDependencies = {} } = content;
    return { name, folder, declares: [...Object.keys(dependencies), ...Object.keys(devDependencies)] };
  });
}

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.includes(entry.name) ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}
