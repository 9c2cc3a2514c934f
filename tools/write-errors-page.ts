import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codesOn, errorsPage } from './errors-page/page.ts';

/** `npm run docs`: writes docs/errors.md from the catalogue of errors. */
const page = errorsPage();
writeFileSync(join(import.meta.dirname, '..', 'docs', 'errors.md'), page);
console.log(`docs/errors.md: ${codesOn(page).length} codes`);
