import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../packages/engine/src/base/catalogue.ts';
import { codesOn, errorsPage } from './errors-page/page.ts';

const ROOT = join(import.meta.dirname, '..');
const CODES = Object.keys(CATALOGUE);

/** Codes that no source throws yet, each with the reason why it is kept. */
const RESERVED: Readonly<Record<string, string>> = {};

/** The text of all product sources but the catalogue itself. */
function productText(): string {
  const files = ['packages/engine/src', 'packages/cli/src'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const product = files.filter((path) => path.endsWith('.ts') && !/\.test\.ts$|base\/catalogue\.ts$/.test(path));
  return product.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n');
}

describe('docs/errors.md', () => {
  const page = readFileSync(join(ROOT, 'docs', 'errors.md'), 'utf8');

  it('is the page that the catalogue gives (npm run docs)', () => {
    expect(page).toBe(errorsPage());
  });

  it('has every code once, and no other', () => {
    expect(codesOn(page).toSorted()).toEqual(CODES.toSorted());
  });
});

describe('the catalogue of errors', () => {
  const text = productText();

  it('holds every code that is thrown', () => {
    const thrown = [...text.matchAll(/new DiskferryError\(\s*'([^']+)'/g)].map((found) => found[1]);
    expect(thrown.length).toBeGreaterThan(100);
    expect([...new Set(thrown)].filter((code) => !CODES.includes(code ?? ''))).toEqual([]);
  });

  it('holds no code that nothing uses, unless it is reserved', () => {
    const unused = CODES.filter((code) => !text.includes(`'${code}'`));
    expect(unused).toEqual(Object.keys(RESERVED));
  });
});
