import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { troubleshootingPage } from './troubleshooting-page/page.ts';

/** Part of `npm run docs`: writes the troubleshooting guides from the catalogues and their translations. */
const guides = join(import.meta.dirname, '..', 'docs', 'guides');
for (const [name, language] of [
  ['troubleshooting.md', 'en'],
  ['troubleshooting.ja.md', 'ja'],
] as const) {
  writeFileSync(join(guides, name), troubleshootingPage(language));
  console.log(`docs/guides/${name}`);
}
