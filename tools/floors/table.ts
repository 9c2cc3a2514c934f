/** One row of the floors table in ARCHITECTURE.md. Paths are relative to the repository. */
export interface Floor {
  /** A folder, or a single file. */
  readonly folder: string;
  /** Folders, files, and names of workspace packages (`@diskferry/…`). */
  readonly mayImport: readonly string[];
}

/** Folders that lie beside `packages/` and not in it. */
const BESIDE_PACKAGES = ['tests', 'tools', 'bench'];
const HEADING = /^\|\s*folder\s*\|.*\|\s*may import\s*\|$/;

/**
 * Reads the table `folder | belongs there | may import`. A folder is written from `packages/` on (`engine/src/base`);
 * what it may import likewise, or by the name of its neighbour (`base`), or by the name of a package.
 * @throws Error where there is no such table or it says one folder twice
 */
export function parseFloors(markdown: string): Floor[] {
  const lines = markdown.split('\n').map((line) => line.trim());
  const start = lines.findIndex((line) => HEADING.test(line));
  if (start < 0) throw new Error('no table "folder | belongs there | may import" was found');
  const rows: (readonly [string, string])[] = [];
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith('|')) break;
    const cells = line.split('|').map((cell) => cell.trim());
    rows.push([plain(cells[1]), plain(cells.at(-2))]);
  }
  const roots = new Set(rows.map(([folder]) => folder.split('/')[0]));
  const floors = rows.map(([folder, allowed]) => ({
    folder: inRepository(folder),
    mayImport: names(allowed).map((name) => resolved(name, folder, roots)),
  }));
  requireOnce(floors);
  return floors;
}

/** The floor a file stands on: the row that says most about it. */
export function floorOf(path: string, floors: readonly Floor[]): Floor | undefined {
  const fitting = floors.filter(({ folder }) => isInside(path, folder));
  return fitting.toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function plain(cell: string | undefined): string {
  return (cell ?? '').replaceAll('`', '');
}

function names(cell: string): string[] {
  if (cell === 'nothing') return [];
  return cell.split(',').map((name) => name.trim());
}

function resolved(name: string, folder: string, roots: ReadonlySet<string | undefined>): string {
  if (name.startsWith('@')) return name;
  if (roots.has(name.split('/')[0])) return inRepository(name);
  return inRepository(`${folder.slice(0, folder.lastIndexOf('/'))}/${name}`);
}

function inRepository(folder: string): string {
  return BESIDE_PACKAGES.includes(folder.split('/')[0] ?? '') ? folder : `packages/${folder}`;
}

function requireOnce(floors: readonly Floor[]): void {
  for (const [index, { folder }] of floors.entries()) {
    if (floors.findIndex((other) => other.folder === folder) === index) continue;
    throw new Error(`the floors table has ${folder} twice`);
  }
}
