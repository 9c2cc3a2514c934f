import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GUEST_CHECKS } from '../packages/engine/src/guest/checks/catalogue.ts';
import { checksPage } from './checks-page/page.ts';

it('docs/checks.md is what `npm run docs` writes, and has every check', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'checks.md'), 'utf8');
  expect(page).toBe(checksPage());
  for (const { code } of GUEST_CHECKS) expect(page).toContain(`### \`${code}\``);
});
