/** A file of the repository and what it imports, as written. Paths are relative to the repository. */
export interface SourceFile {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly lines: number;
  /** Lines that are neither blank nor a comment: what the limit of the linter counts. */
  readonly codeLines: number;
}

export interface Import {
  readonly specifier: string;
  /** `import type` and `export type`: gone when the program runs. */
  readonly typeOnly: boolean;
}

/** Statements begin a line here (the formatter sees to it), so text in strings is not taken for them. */
const STATEMENT = /^(?:import|export)\s+(type\s+)?[^;'"`]*?\bfrom\s*['"]([^'"]+)['"]/gm;
const SIDE_EFFECT = /^import\s*['"]([^'"]+)['"]/gm;
/** With a literal only: `import('x')`, also as a type, and `createRequire(import.meta.url)('x')`. */
const DYNAMIC = /(typeof\s+)?\bimport\(\s*['"]([^'"]+)['"]\s*\)|\(import\.meta\.url\)\(\s*['"]([^'"]+)['"]\s*\)/g;

/** What a file imports: static, type and dynamic imports and re-exports. */
export function parseSource(path: string, text: string): SourceFile {
  const code = withoutComments(text);
  const imports = [
    ...[...code.matchAll(STATEMENT)].map((found) => ({ specifier: found[2] ?? '', typeOnly: found[1] !== undefined })),
    ...[...code.matchAll(SIDE_EFFECT)].map((found) => ({ specifier: found[1] ?? '', typeOnly: false })),
    ...[...code.matchAll(DYNAMIC)].map((found) => ({
      specifier: found[2] ?? found[3] ?? '',
      typeOnly: found[1] !== undefined,
    })),
  ];
  const codeLines = code.split('\n').filter((line) => line.trim() !== '').length;
  return { path, imports, lines: text.split('\n').length - 1, codeLines };
}

/** The file that a relative import means, or undefined for the name of a package. */
export function importedPath(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Comments quote imports. A string that holds two slashes loses its rest, which is of no matter here. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}
