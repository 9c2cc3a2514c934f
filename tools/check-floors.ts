import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPackages, readSources } from './floors/repository.ts';
import { fileCycles, floorFaults, longFiles, medianLines, tableCycles, typeCycles } from './floors/rules.ts';
import { parseFloors } from './floors/table.ts';

export interface Inspection {
  readonly faults: readonly string[];
  /** What is allowed and worth a look. */
  readonly notes: readonly string[];
  readonly files: number;
  readonly medianLines: number;
}

/** Compares the imports of all files under `root` with the floors table in its ARCHITECTURE.md. */
export function checkFloors(root: string): Inspection {
  const floors = parseFloors(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'));
  const files = readSources(root);
  const faults = [
    ...tableCycles(floors),
    ...floorFaults(files, floors, readPackages(root)),
    ...fileCycles(files),
    ...longFiles(files),
  ];
  return { faults, notes: typeCycles(files), files: files.length, medianLines: medianLines(files) };
}

if (import.meta.main) {
  const { faults, notes, files, medianLines: median } = checkFloors(join(import.meta.dirname, '..'));
  for (const note of notes) console.log(`note: ${note}`);
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  console.log(`floors: ${files} files, ${median} lines in the median, ${faults.length} faults`);
  if (faults.length > 0) process.exitCode = 1;
}
