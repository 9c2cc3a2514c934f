import type { Check } from '@diskferry/protocol';
import type { CheckView } from '@diskferry/protocol/schemas';
import type { Language } from '../language.ts';
import { CHECKS_JA } from './ja/checks.ts';
import { GUEST_CHECKS_JA } from './ja/guest-checks.ts';
import type { CheckTextsOf } from './text.ts';
import { CHECKS_ZH } from './zh/checks.ts';
import { GUEST_CHECKS_ZH } from './zh/guest-checks.ts';

/** The English ones come with the check. */
const TEXTS: Readonly<Record<Exclude<Language, 'en'>, CheckTextsOf<string>>> = {
  ja: { ...CHECKS_JA, ...GUEST_CHECKS_JA },
  zh: { ...CHECKS_ZH, ...GUEST_CHECKS_ZH },
};

/** Checks as they are shown: what was looked at and what to do in the language that was asked for, evidence as found. */
export function checksIn(checks: readonly Check[], language: Language): CheckView[] {
  return checks.map((check) => ({ ...check, ...wordsOf(check, language) }));
}

/** A code that is not known here is one of a newer worker: its English stays. */
function wordsOf({ code, title, remedy }: Check, language: Language): Pick<Check, 'title' | 'remedy'> {
  const texts = language === 'en' || !Object.hasOwn(TEXTS[language], code) ? undefined : TEXTS[language][code];
  if (texts === undefined) return { title, remedy };
  return { title: texts[0], remedy: remedy === null ? null : texts[1] };
}
