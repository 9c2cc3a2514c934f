export const LANGUAGES = ['en', 'ja', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each in its own words, so that whoever needs it finds it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', ja: '日本語', zh: '简体中文' };

const CHOICE = 'diskferry.language';

/** What was chosen here before, or what the browser wants, or English. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(CHOICE) ?? '', ...navigator.languages];
  const found = wanted.map((tag) => LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language));
  return found.find((language) => language !== undefined) ?? 'en';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(CHOICE, language);
}
