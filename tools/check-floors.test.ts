import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFloors } from './check-floors.ts';
import { parseSource } from './floors/imports.ts';
import { fileCycles, floorFaults, longFiles, medianLines, tableCycles, typeCycles } from './floors/rules.ts';
import { floorOf, parseFloors } from './floors/table.ts';

const TABLE = `
| folder | belongs there | may import |
|---|---|---|
| \`app/src/low\` | words | nothing |
| app/src/high | sentences | low, low/words.ts |
| app/src/index.ts | all | app/src |
| cli/src | the command | @our/app |
| app/testing | parts | app/src |
| tools | tools | app/src |
`;
const FLOORS = parseFloors(TABLE);
const PACKAGES = [
  { name: 'root', folder: '', declares: ['tester'] },
  { name: '@our/app', folder: 'packages/app', declares: ['left-pad'] },
  { name: '@our/cli', folder: 'packages/cli', declares: ['@our/app'] },
];

/** A made-up tree: what each file imports, by path. */
function tree(imports: Readonly<Record<string, readonly string[]>>) {
  return Object.entries(imports).map(([path, specifiers]) =>
    parseSource(path, specifiers.map((specifier) => `import { x } from '${specifier}';\n`).join('')),
  );
}

const faultsOf = (imports: Parameters<typeof tree>[0]) => floorFaults(tree(imports), FLOORS, PACKAGES);

describe('parseFloors()', () => {
  it('resolves neighbours, files, packages and whole paths', () => {
    expect(FLOORS.slice(0, 4)).toEqual([
      { folder: 'packages/app/src/low', mayImport: [] },
      { folder: 'packages/app/src/high', mayImport: ['packages/app/src/low', 'packages/app/src/low/words.ts'] },
      { folder: 'packages/app/src/index.ts', mayImport: ['packages/app/src'] },
      { folder: 'packages/cli/src', mayImport: ['@our/app'] },
    ]);
    expect(floorOf('tools/x.ts', FLOORS)?.mayImport).toEqual(['packages/app/src']);
  });

  it('refuses a page without the table, and a folder that is in it twice', () => {
    expect(() => parseFloors('# Nothing')).toThrow('no table');
    expect(() => parseFloors(`${TABLE.trimEnd()}\n| tools | again | nothing |\n`)).toThrow('tools twice');
  });
});

describe('parseSource()', () => {
  it('finds static, type, dynamic and re-exporting statements, over several lines', () => {
    const text = [
      "import { a,\n  b } from './a.ts';",
      "import type { C } from './c.ts';",
      "export { d } from './d.ts';",
      "import './e.ts';",
      "const f = await import('./f.ts');",
      "type G = typeof import('./g.ts');",
      "const h = createRequire(import.meta.url)('./h.ts');",
    ].join('\n');
    const { imports } = parseSource('x.ts', text);
    expect(imports.map(({ specifier }) => specifier)).toEqual([
      './a.ts',
      './c.ts',
      './d.ts',
      './e.ts',
      './f.ts',
      './g.ts',
      './h.ts',
    ]);
    expect(imports.filter(({ typeOnly }) => typeOnly).map(({ specifier }) => specifier)).toEqual(['./c.ts', './g.ts']);
  });

  it('passes over comments and texts', () => {
    const text = "// import { a } from './a.ts';\n/** import { b } from './b.ts'; */\nconst c = \"import './c.ts'\";\n";
    expect(parseSource('x.ts', text)).toMatchObject({ imports: [], lines: 3, codeLines: 1 });
  });
});

describe('floorFaults()', () => {
  it('takes what the table allows', () => {
    const faults = faultsOf({
      'packages/app/src/low/words.ts': ['./more.ts', 'node:fs', 'left-pad'],
      'packages/app/src/high/say.ts': ['../low/words.ts'],
      'packages/app/src/high/say.test.ts': ['../../testing/parts.ts', 'tester'],
      'packages/app/src/index.ts': ['./high/say.ts'],
      'packages/cli/src/main.ts': ['@our/app', '../package.json'],
      'packages/app/testing/parts.ts': ['../src/low/words.ts', 'tester'],
    });
    expect(faults).toEqual([]);
  });

  it.each([
    ['an import that goes upward', 'packages/app/src/low/words.ts', '../high/say.ts'],
    ['an import from a floor that has no row', 'packages/app/src/strange/x.ts', '../low/words.ts'],
    ['test parts in the product', 'packages/app/src/high/say.ts', '../../testing/parts.ts'],
    ['tests in the product', 'packages/app/src/high/say.ts', '../../../../tests/x.ts'],
    ['a path into another package', 'packages/cli/src/main.ts', '../../app/src/low/words.ts'],
    ['a door of another package that is not its index', 'packages/cli/src/main.ts', '@our/app/testing'],
    ['a package that is not declared', 'packages/app/src/low/words.ts', 'right-pad'],
    ['a package that only the workspace declares', 'packages/app/src/low/words.ts', 'tester'],
    ['a package of ours from a lower one', 'packages/app/src/low/words.ts', '@our/cli'],
  ])('refuses %s', (_what, path, specifier) => {
    expect(faultsOf({ [path]: [specifier] })).toHaveLength(1);
  });
});

describe('cycles', () => {
  it('are found among files, loaded ones apart from types', () => {
    const files = tree({ 'a.ts': ['./b.ts'], 'b.ts': ['./c.ts'], 'c.ts': ['./a.ts'], 'd.ts': ['./a.ts'] });
    expect(fileCycles(files)).toEqual(['files import each other: a.ts → b.ts → c.ts → a.ts']);
    expect(typeCycles(files)).toEqual([]);
    const types = [parseSource('e.ts', "import type { F } from './f.ts';\n"), ...tree({ 'f.ts': ['./e.ts'] })];
    expect(fileCycles(types)).toEqual([]);
    expect(typeCycles(types)).toHaveLength(1);
  });

  it('are found in the table itself', () => {
    expect(tableCycles(FLOORS)).toEqual([]);
    expect(tableCycles(parseFloors(TABLE.replace('nothing', 'high')))).toHaveLength(1);
  });
});

describe('lengths of files', () => {
  it('are counted without blanks and comments, and have a median', () => {
    const long = parseSource('long.ts', 'a();\n\n'.repeat(301));
    const short = parseSource('short.ts', '// a\n'.repeat(900));
    expect(longFiles([long, short])).toEqual(['long.ts has 301 lines of code; 300 are allowed']);
    expect(medianLines(tree({ 'a.ts': [], 'b.ts': ['x'], 'c.ts': ['x', 'y'] }))).toBe(1);
  });
});

it('the repository keeps to its floors', () => {
  const { faults, files } = checkFloors(join(import.meta.dirname, '..'));
  expect(faults).toEqual([]);
  expect(files).toBeGreaterThan(300);
});
