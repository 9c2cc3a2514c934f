import type { Language } from '../words/languages.ts';

/** The guides in the order in which somebody needs them, then what one looks up. */
export const GUIDES = [
  'first-migration',
  'linux-image',
  'windows-image',
  'images-from',
  'uploading',
  'troubleshooting',
] as const;
export const REFERENCES = ['checks', 'preflight', 'formats', 'service', 'configuration', 'command', 'errors'] as const;
export type GuideName = (typeof GUIDES)[number] | (typeof REFERENCES)[number];

export interface Guide {
  readonly title: string;
  readonly html: string;
}

/** Each is fetched when it is opened. */
const PAGES = import.meta.glob<Guide>(['../../../../docs/*.md', '../../../../docs/guides/*.md']);

/** In this language where there is one, otherwise in English; undefined where there is no such guide. */
export function findGuide(
  name: string,
  language: Language,
): { readonly load: () => Promise<Guide>; readonly language: Language } | undefined {
  if (!/^[\w-]+$/.test(name)) return undefined;
  const inLanguage = PAGES[`../../../../docs/guides/${name}.${language}.md`];
  if (inLanguage !== undefined) return { load: inLanguage, language };
  const load = PAGES[`../../../../docs/guides/${name}.md`] ?? PAGES[`../../../../docs/${name}.md`];
  return load && { load, language: 'en' };
}
