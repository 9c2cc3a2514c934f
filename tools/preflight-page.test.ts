import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../packages/server/src/preflight/catalogue.ts';
import { preflightPage } from './preflight-page/page.ts';

describe('docs/preflight.md', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'preflight.md'), 'utf8');

  it('is the page that the catalogue gives (npm run docs)', () => {
    expect(page).toBe(preflightPage());
  });

  it('has every check once, and no other', () => {
    const codes = [...page.matchAll(/^### `([^`]+)`$/gm)].map((found) => found[1]);
    expect(codes.toSorted()).toEqual(Object.keys(CHECKS).toSorted());
  });
});
