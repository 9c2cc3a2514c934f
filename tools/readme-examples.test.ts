import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../packages/cli/src/programs/program.ts';
import { shellWords, shownCommands } from './readme/commands.ts';

const ROOT = join(import.meta.dirname, '..');
const DOCS = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
const PAGES = ['README.md', 'CONTRIBUTING.md', ...DOCS.map((name) => `docs/${name}`)];

/** A program and all verbs below it. */
function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}

/** Reads a command as the program does, and runs nothing of it. */
async function parse(words: readonly string[]): Promise<void> {
  const program = buildProgram({ signal: new AbortController().signal });
  for (const command of allOf(program)) if (command.commands.length === 0) command.action(() => {});
  await program.parseAsync([...words], { from: 'user' });
}

describe.each(PAGES.filter((page) => page.endsWith('.md')))('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');

  it('shows commands that the program takes', async () => {
    for (const words of shownCommands(text)) {
      await expect(parse(words), words.join(' ')).resolves.toBeUndefined();
    }
  });
});

describe('README.md', () => {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');

  it('shows enough commands to be worth a test', () => {
    expect(shownCommands(text).length).toBeGreaterThan(15);
  });

  it('shows scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    const shown = [...text.matchAll(/npm run ([a-z:]+)/g)].map((found) => found[1] ?? '');
    expect(shown.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

describe('docs/command.md', () => {
  const text = readFileSync(join(ROOT, 'docs', 'command.md'), 'utf8');

  it('names every flag of the program, and no other', () => {
    const program = buildProgram({ signal: new AbortController().signal });
    const real = new Set(allOf(program).flatMap(({ options }) => options.map(({ long }) => long)));
    const named = new Set(
      [...text.matchAll(/`[^`]*`/g)].flatMap(([code]) => code.match(/(?<![\w-])--[a-z0-9-]+/g) ?? []),
    );
    named.delete('--version');
    real.delete('--version');
    expect([...named].toSorted()).toEqual([...real].toSorted());
  });
});

describe('commands on a page', () => {
  it('are found in fences, over several lines, behind npx and variables', () => {
    const page = '```sh\n# words\nA=b npx diskferry copy a \\\n  "b c" --yes\nls\n```\ndiskferry not this\n';
    expect(shownCommands(page)).toEqual([['copy', 'a', 'b c', '--yes']]);
  });

  it('with a flag that does not exist are refused', async () => {
    await expect(parse(['copy', 'a', 'b', '--turbo'])).rejects.toThrow('unknown option');
    await expect(parse(['copy', 'a'])).rejects.toThrow('missing required argument');
    await expect(parse(['copy', 'a', 'b', 'c'])).rejects.toThrow('too many arguments');
    await expect(parse(['melt', 'a'])).rejects.toThrow('unknown command');
  });

  it('are split as a shell splits them', () => {
    expect(shellWords(`copy a 'b c' "d e"f`)).toEqual(['copy', 'a', 'b c', 'd ef']);
  });
});
