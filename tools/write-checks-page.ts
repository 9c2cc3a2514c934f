import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksPage } from './checks-page/page.ts';

/** Part of `npm run docs`: writes docs/checks.md from the catalogue of checks. */
writeFileSync(join(import.meta.dirname, '..', 'docs', 'checks.md'), checksPage());
console.log('docs/checks.md');
