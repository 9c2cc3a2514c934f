import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { EN } from './en/index.ts';
import { type Language, preferredLanguage, rememberLanguage } from './languages.ts';

/** All words of the console, in the shape that every language must have. */
export type Words<Shape = typeof EN> = {
  readonly [Key in keyof Shape]: Shape[Key] extends string ? string : Words<Shape[Key]>;
};

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof EN };
  }
}

/** English is always there; the other two are fetched when they are chosen. */
const LOADERS: Readonly<Record<Language, () => Promise<Words>>> = {
  en: async () => EN,
  ja: async () => (await import('./ja/index.ts')).JA,
  zh: async () => (await import('./zh/index.ts')).ZH,
};

const words = createInstance();

export async function startWords(language: Language = preferredLanguage()): Promise<void> {
  await words.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: EN } },
    // React escapes by itself.
    interpolation: { escapeValue: false },
  });
  await showLanguage(language);
}

async function showLanguage(language: Language): Promise<void> {
  if (!words.hasResourceBundle(language, 'translation')) {
    words.addResourceBundle(language, 'translation', await LOADERS[language]());
  }
  await words.changeLanguage(language);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  rememberLanguage(language);
  await showLanguage(language);
}

export function currentLanguage(): Language {
  return words.language as Language;
}
