import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REFUSALS } from '@diskferry/protocol';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../packages/engine/src/base/catalogue.ts';
import { SERVICE_CATALOGUE } from '../packages/server/src/base/catalogue.ts';
import { CHECKS } from '../packages/server/src/preflight/catalogue.ts';
import { PROVIDER_CATALOGUE } from '../packages/server/src/providers/catalogue.ts';
import { troubleshootingPage } from './troubleshooting-page/page.ts';

const CODES = [CHECKS, CATALOGUE, PROVIDER_CATALOGUE, SERVICE_CATALOGUE, REFUSALS].flatMap((all) => Object.keys(all));

describe.each([
  ['troubleshooting.md', 'en'],
  ['troubleshooting.ja.md', 'ja'],
] as const)('docs/guides/%s', (name, language) => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'guides', name), 'utf8');

  it('is what `npm run docs` writes', () => {
    expect(page).toBe(troubleshootingPage(language));
  });

  it('has an entry for every code of every catalogue, and no other', () => {
    const found = [...page.matchAll(/^### `([^`]+)`$/gm)].map(([, code]) => code);
    expect(found.toSorted()).toEqual(CODES.toSorted());
  });

  it('titles every chapter, and none twice', () => {
    const titles = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(titles).toHaveLength(15);
    expect(new Set(titles).size).toBe(15);
  });
});

it('the Japanese page has entries in Japanese only', () => {
  const entries = troubleshootingPage('ja').split(/^### /m).slice(1);
  for (const entry of entries) expect(entry).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}]/u);
});
