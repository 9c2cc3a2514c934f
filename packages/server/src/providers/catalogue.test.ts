import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROVIDER_CATALOGUE } from './catalogue.ts';

const CODES = Object.keys(PROVIDER_CATALOGUE);

function productText(): string {
  const names = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  const product = names.filter((name) => name.endsWith('.ts') && !/\.test\.ts$|^catalogue\.ts$/.test(name));
  return product.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n');
}

describe('the catalogue of providers', () => {
  const thrown = [...productText().matchAll(/new ProviderError\(\s*'([^']+)'/g)].map((found) => found[1] ?? '');

  it('holds every code that is thrown, and none that is not', () => {
    expect([...new Set(thrown)].toSorted()).toEqual(CODES.toSorted());
  });

  it.each(Object.entries(PROVIDER_CATALOGUE))('%s has a meaning and a remedy', (_code, { meaning, remedy }) => {
    expect(meaning).toMatch(/^[A-Z].{10,}\.$/);
    expect(remedy).toMatch(/^[A-Z].{10,}/);
  });
});
