import { findCycles } from './cycles.ts';
import { importedPath, type Import, type SourceFile } from './imports.ts';
import { floorOf, isInside, type Floor } from './table.ts';

/** A package of the workspace: its folder, and the names that its package.json declares. */
export interface Package {
  readonly name: string;
  /** Relative to the repository; empty for the root. */
  readonly folder: string;
  readonly declares: readonly string[];
}

const LINE_LIMIT = 300;

/** Imports that the floors table or a package.json does not allow, one sentence each. */
export function floorFaults(files: readonly SourceFile[], floors: readonly Floor[], packages: readonly Package[]) {
  return files.flatMap((file) => {
    const floor = floorOf(file.path, floors);
    if (!floor) return [`${file.path} stands on no floor: the table in ARCHITECTURE.md has no row for it`];
    return file.imports.flatMap(({ specifier }) => {
      const path = importedPath(file.path, specifier);
      const fault = path
        ? pathFault(file.path, path, floor, floors)
        : packageFault(file.path, specifier, floor, packages);
      return fault ? [`${file.path} imports ${specifier}: ${fault}`] : [];
    });
  });
}

function pathFault(from: string, to: string, floor: Floor, floors: readonly Floor[]): string | undefined {
  const home = from.split('/').slice(0, 2).join('/');
  const allowed = [floor.folder, ...floor.mayImport, `${home}/package.json`];
  if (isTest(from)) allowed.push(...reachOfTests(home, floors));
  if (allowed.some((folder) => isInside(to, folder))) return undefined;
  return `${floor.folder} may import ${floor.mayImport.join(', ') || 'nothing'}`;
}

/** A test beside the code may also use the shared test parts of its package, and what those may. */
function reachOfTests(home: string, floors: readonly Floor[]): string[] {
  const parts = `${home}/testing`;
  return [parts, ...(floors.find(({ folder }) => folder === parts)?.mayImport ?? [])];
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

function packageFault(from: string, specifier: string, floor: Floor, packages: readonly Package[]): string | undefined {
  if (specifier.startsWith('node:')) return undefined;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const ours = packages.some((known) => known.name === name);
  if (ours && !floor.mayImport.includes(specifier)) return `${floor.folder} may import ${floor.mayImport.join(', ')}`;
  const declaring = packages.filter(({ folder }) => folder !== '' && isInside(from, folder));
  const product = /^packages\/[^/]+\/src\//.test(from) && !isTest(from);
  const counting = product ? declaring : packages;
  if (counting.some(({ declares }) => declares.includes(name)) || (ours && !product)) return undefined;
  return `${name} is not declared in ${counting.map(({ folder }) => `${folder || '.'}/package.json`).join(' or ')}`;
}

/** Rings of floors, as the table allows them: a floor that may import what may import it. */
export function tableCycles(floors: readonly Floor[]): string[] {
  const allowed = floors.map(({ folder, mayImport }) => {
    const reached = mayImport.map((name) => floorOf(name, floors)?.folder ?? name);
    return [folder, [...new Set(reached)].filter((name) => name !== folder)] as const;
  });
  return findCycles(new Map(allowed)).map((ring) => `the table lets floors import each other: ${ring.join(' → ')}`);
}

/** Rings of files that are loaded with each other. */
export function fileCycles(files: readonly SourceFile[]): string[] {
  return rings(files, ({ typeOnly }) => !typeOnly).map((ring) => `files import each other: ${ring}`);
}

/** Rings that are there in types only. They run; but neither file can be understood before the other. */
export function typeCycles(files: readonly SourceFile[]): string[] {
  const loaded = new Set(rings(files, ({ typeOnly }) => !typeOnly));
  const all = rings(files, () => true).filter((ring) => !loaded.has(ring));
  return all.map((ring) => `files import each other's types: ${ring}`);
}

function rings(files: readonly SourceFile[], counts: (statement: Import) => boolean): string[] {
  const graph = files.map(({ path, imports }) => {
    const reached = imports.filter(counts).map(({ specifier }) => importedPath(path, specifier));
    return [path, reached.filter((to) => to !== undefined)] as const;
  });
  return findCycles(new Map(graph)).map((ring) => ring.join(' → '));
}

export function longFiles(files: readonly SourceFile[]): string[] {
  const written = files.filter(({ path }) => !path.endsWith('.generated.ts'));
  const long = written.filter(({ codeLines }) => codeLines > LINE_LIMIT);
  return long.map(({ path, codeLines }) => `${path} has ${codeLines} lines of code; ${LINE_LIMIT} are allowed`);
}

export function medianLines(files: readonly SourceFile[]): number {
  return files.map(({ lines }) => lines).toSorted((a, b) => a - b)[Math.floor(files.length / 2)] ?? 0;
}
