import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REFUSALS } from '@diskferry/protocol';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../packages/engine/src/base/catalogue.ts';
import { GUEST_CHECKS } from '../packages/engine/src/guest/checks/catalogue.ts';
import { SERVICE_CATALOGUE } from '../packages/server/src/base/catalogue.ts';
import { CHECKS } from '../packages/server/src/preflight/catalogue.ts';
import { PROVIDER_CATALOGUE } from '../packages/server/src/providers/catalogue.ts';
import { PAGE_LANGUAGES, troubleshootingFile, troubleshootingPage } from './troubleshooting-page/page.ts';

const CODES = [CHECKS, CATALOGUE, PROVIDER_CATALOGUE, SERVICE_CATALOGUE, REFUSALS]
  .flatMap((all) => Object.keys(all))
  .concat(GUEST_CHECKS.map(({ code }) => code));

describe.each(PAGE_LANGUAGES)('the page in %s', (language) => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'guides', troubleshootingFile(language)), 'utf8');

  it('is what `npm run docs` writes', () => {
    expect(page).toBe(troubleshootingPage(language));
  });

  it('has an entry for every code of every catalogue, and no other', () => {
    const found = [...page.matchAll(/^### `([^`]+)`$/gm)].map(([, code]) => code);
    expect(found.toSorted()).toEqual(CODES.toSorted());
  });

  it('titles every chapter, and none twice', () => {
    const titles = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(titles).toHaveLength(16);
    expect(new Set(titles).size).toBe(16);
  });
});

it.each([
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['zh', /\p{Script=Han}/u],
] as const)('has no entry in English on the page in %s', (language, letters) => {
  const entries = troubleshootingPage(language).split(/^### /m).slice(1);
  for (const entry of entries) expect(entry).toMatch(letters);
});
