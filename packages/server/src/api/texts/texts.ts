import { CATALOGUE } from '@diskferry/engine';
import { REFUSALS, type RefusalCode } from '@diskferry/protocol';
import { SERVICE_CATALOGUE } from '../../base/catalogue.ts';
import { PROVIDER_CATALOGUE } from '../../providers/catalogue.ts';
import type { Language } from '../language.ts';
import { ENGINE_EN } from './en/engine.ts';
import { ENGINE_JA } from './ja/engine.ts';
import { PROVIDER_JA } from './ja/provider.ts';
import { REFUSALS_JA } from './ja/refusals.ts';
import { SERVICE_JA } from './ja/service.ts';
import type { Text } from './text.ts';
import { ENGINE_ZH } from './zh/engine.ts';
import { PROVIDER_ZH } from './zh/provider.ts';
import { REFUSALS_ZH } from './zh/refusals.ts';
import { SERVICE_ZH } from './zh/service.ts';

type Texts = Readonly<Record<string, Text>>;

const ENGLISH: Texts = {
  ...inWords(CATALOGUE),
  ...Object.fromEntries(
    Object.entries(ENGINE_EN).map(([code, remedy]) => [code, [meaningIn(CATALOGUE, code), remedy]]),
  ),
  ...inWords(PROVIDER_CATALOGUE),
  ...inWords(SERVICE_CATALOGUE),
};

/** Every error that a person may see, by its code. English is that of the catalogues, but where those mean the command. */
export const TEXTS: Readonly<Record<Language, Texts>> = {
  en: ENGLISH,
  ja: { ...ENGINE_JA, ...PROVIDER_JA, ...SERVICE_JA },
  zh: { ...ENGINE_ZH, ...PROVIDER_ZH, ...SERVICE_ZH },
};

const REFUSAL_TEXTS = { en: REFUSALS, ja: REFUSALS_JA, zh: REFUSALS_ZH } as const;

/** A code that nobody knows is one of a newer worker: it stands for itself. */
export function textOf(code: string, language: Language): { readonly meaning: string; readonly remedy: string } {
  const [meaning, remedy] = Object.hasOwn(TEXTS[language], code) ? (TEXTS[language][code] ?? [code, '']) : [code, ''];
  return { meaning, remedy };
}

export function refusalText(code: RefusalCode, language: Language): string {
  return REFUSAL_TEXTS[language][code];
}

type Catalogue = Readonly<Record<string, { readonly meaning: string; readonly remedy: string }>>;

function inWords(catalogue: Catalogue): Texts {
  return Object.fromEntries(Object.entries(catalogue).map(([code, { meaning, remedy }]) => [code, [meaning, remedy]]));
}

function meaningIn(catalogue: Catalogue, code: string): string {
  return catalogue[code]?.meaning ?? code;
}
