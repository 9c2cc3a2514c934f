import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_LANGUAGES, troubleshootingFile, troubleshootingPage } from './troubleshooting-page/page.ts';

/** Part of `npm run docs`: writes the troubleshooting guides from the catalogues and their translations. */
const guides = join(import.meta.dirname, '..', 'docs', 'guides');
for (const language of PAGE_LANGUAGES) {
  const name = troubleshootingFile(language);
  writeFileSync(join(guides, name), troubleshootingPage(language));
  console.log(`docs/guides/${name}`);
}
