import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REFUSALS } from '@diskferry/protocol';
import { CATALOGUE } from '../packages/engine/src/base/catalogue.ts';
import { GUEST_CHECKS } from '../packages/engine/src/guest/checks/catalogue.ts';
import { SERVICE_CATALOGUE } from '../packages/server/src/base/catalogue.ts';
import { CHECKS } from '../packages/server/src/preflight/catalogue.ts';
import { PROVIDER_CATALOGUE } from '../packages/server/src/providers/catalogue.ts';

const FOLDER = join(import.meta.dirname, '..', 'docs', 'guides');
const GUEST_CODES = GUEST_CHECKS.map(({ code }) => code);
const CATALOGUES = [CATALOGUE, CHECKS, PROVIDER_CATALOGUE, SERVICE_CATALOGUE, REFUSALS];
const KNOWN = new Set([...GUEST_CODES, ...CATALOGUES.flatMap((all) => Object.keys(all))]);

const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

/** What looks like a code of a check or an error. */
function codesIn(text: string): string[] {
  const found = text.matchAll(/`((?:guest|image|package|source|target|link|disk|object|region)-[a-z-]+)`/g);
  return [...found].map(([, code]) => code ?? '');
}

describe.each(readdirSync(FOLDER))('docs/guides/%s', (name) => {
  it('leads only to what is there', () => {
    const links = [...read(name).matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(1);
    expect(links.filter((link) => !existsSync(join(FOLDER, link)))).toEqual([]);
  });

  it('names only codes that there are', () => {
    expect(codesIn(read(name)).filter((code) => !KNOWN.has(code))).toEqual([]);
  });
});

it('the guides to making images name every check of what is inside one', () => {
  const named = new Set(codesIn(read('linux-image.md') + read('windows-image.md')));
  expect(GUEST_CODES.filter((code) => !named.has(code))).toEqual([]);
});
