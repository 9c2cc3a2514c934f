import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { pageOf } from './page-of.ts';

const DOCS = join(import.meta.dirname, '../../../docs');

/** Makes modules of the pages in `docs`: `{ title, html }`, with their pictures as files of the console. */
export function guides(): Plugin {
  const names = new Set(
    [DOCS, join(DOCS, 'guides')].flatMap((folder) => {
      return readdirSync(folder).flatMap((file) => /^([\w-]+)\.md$/.exec(file)?.[1] ?? []);
    }),
  );
  return {
    name: 'guides',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith('.md') || !id.startsWith(DOCS)) return undefined;
      this.addWatchFile(id);
      const { title, html, pictures } = pageOf(readFileSync(id, 'utf8'), (name) => names.has(name));
      const imports = pictures.map((picture, at) => {
        return `import picture${at} from ${JSON.stringify(join(dirname(id), picture))};\n`;
      });
      const [first = '', ...others] = html.split(/PICTURE:\d+:/);
      const body = others.map((part, at) => ` + picture${at} + ${JSON.stringify(part)}`).join('');
      return {
        code: `${imports.join('')}export const title = ${JSON.stringify(title)};\nexport const html = ${JSON.stringify(first)}${body};\n`,
        moduleType: 'js',
        moduleSideEffects: false,
        map: null,
      };
    },
  };
}
