import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { preflightPage } from './preflight-page/page.ts';

/** `npm run docs`: writes docs/preflight.md from the catalogue of checks. */
writeFileSync(join(import.meta.dirname, '..', 'docs', 'preflight.md'), preflightPage());
console.log('docs/preflight.md');
