import { REFUSALS, type RefusalCode } from '@diskferry/protocol';
import { CATALOGUE, type ErrorCode } from '../../packages/engine/src/base/catalogue.ts';
import { GUEST_CHECKS } from '../../packages/engine/src/guest/checks/catalogue.ts';
import type { GuestCheck } from '../../packages/engine/src/guest/checks/check.ts';
import { CHECKS_JA } from '../../packages/server/src/api/texts/ja/checks.ts';
import { GUEST_CHECKS_JA } from '../../packages/server/src/api/texts/ja/guest-checks.ts';
import { CHECKS_ZH } from '../../packages/server/src/api/texts/zh/checks.ts';
import { GUEST_CHECKS_ZH } from '../../packages/server/src/api/texts/zh/guest-checks.ts';
import { refusalText, textOf } from '../../packages/server/src/api/texts/texts.ts';
import { SERVICE_CATALOGUE } from '../../packages/server/src/base/catalogue.ts';
import { CHECK_GROUPS, type CheckCode, type CheckEntry } from '../../packages/server/src/preflight/catalogue.ts';
import { PROVIDER_CATALOGUE } from '../../packages/server/src/providers/catalogue.ts';
import { WORDS_EN } from './words-en.ts';
import { WORDS_JA } from './words-ja.ts';
import { WORDS_ZH } from './words-zh.ts';
import type { PageWords } from './words.ts';

export const PAGE_LANGUAGES = ['en', 'ja', 'zh'] as const;
export type PageLanguage = (typeof PAGE_LANGUAGES)[number];

/** `troubleshooting.ja.md`. */
export function troubleshootingFile(language: PageLanguage): string {
  return language === 'en' ? 'troubleshooting.md' : `troubleshooting.${language}.md`;
}

const WORDS: Readonly<Record<PageLanguage, PageWords>> = { en: WORDS_EN, ja: WORDS_JA, zh: WORDS_ZH };

const CHECK_TEXTS = { ja: CHECKS_JA, zh: CHECKS_ZH } as const;
const GUEST_TEXTS = { ja: GUEST_CHECKS_JA, zh: GUEST_CHECKS_ZH } as const;

/** The whole page, in Markdown: one entry for each code that a person can meet, in the order in which they meet it. */
export function troubleshootingPage(language: PageLanguage): string {
  const words = WORDS[language];
  const checks = CHECK_GROUPS.map(({ checks: group }, index) => {
    const entries = Object.entries(group).map(([code, check]) => checkEntry(code as CheckCode, check, language));
    return chapter(words.checkChapters[index] ?? ['', ''], entries);
  });
  const engine = words.engineChapters.map(([word, title, about]) => {
    return chapter(
      [title, about],
      engineCodes(word, words).map((code) => errorEntry(code, language, retryLine(code, words))),
    );
  });
  const provider = Object.entries(PROVIDER_CATALOGUE).map(([code, { retry }]) => {
    return errorEntry(code, language, `${words.retry}${words.retries[retry]}${words.stop}`);
  });
  const service = Object.entries(SERVICE_CATALOGUE).map(([code, { status }]) => {
    return errorEntry(code, language, `${words.status}${status}${words.stop}`);
  });
  const refusals = (Object.keys(REFUSALS) as RefusalCode[]).map((code) => {
    return `### \`${code}\`\n\n${refusalText(code, language)}\n`;
  });
  const rest = [chapter(words.provider, provider), chapter(words.service, service), chapter(words.refusals, refusals)];
  const inside = chapter(
    words.inside,
    GUEST_CHECKS.map((check) => guestEntry(check, language)),
  );
  return [words.head, ...checks, inside, ...engine, ...rest].join('\n');
}

function chapter([title, about]: readonly [title: string, about: string], entries: readonly string[]): string {
  return [`## ${title}\n\n${about}\n`, ...entries].join('\n');
}

/** The codes of the engine that begin with a word; with none, those that no other chapter has. */
function engineCodes(word: string, { engineChapters }: PageWords): ErrorCode[] {
  const known = engineChapters.map(([first]) => first);
  return (Object.keys(CATALOGUE) as ErrorCode[]).filter((code) => {
    const first = code.split('-')[0] ?? '';
    return (known.includes(first) ? first : '') === word;
  });
}

function retryLine(code: ErrorCode, words: PageWords): string {
  return `${words.retry}${words.retries[CATALOGUE[code].retry]}${words.stop}`;
}

function errorEntry(code: string, language: PageLanguage, last: string): string {
  const { meaning, remedy } = textOf(code, language);
  return [`### \`${code}\`\n`, `${meaning}\n`, `- ${WORDS[language].remedy}${remedy}`, `- ${last}\n`].join('\n');
}

function checkEntry(code: CheckCode, check: CheckEntry, language: PageLanguage): string {
  const words = WORDS[language];
  const [title, remedy] = language === 'en' ? [check.title, check.remedy] : CHECK_TEXTS[language][code];
  const verdicts = check.verdicts.map((verdict) => words.verdicts[verdict]).join(words.separator);
  const { waitsFor } = check;
  return [
    `### \`${code}\`\n`,
    `${title}\n`,
    ...(remedy === null ? [] : [`- ${words.remedy}${remedy}`]),
    `- ${words.says}${verdicts}${words.stop}`,
    ...(waitsFor === undefined ? [] : [`- ${words.waits}${words.reasons[waitsFor]}${words.stop}`]),
    '',
  ].join('\n');
}

/** A rule about what is inside an image: what it looks at, and what to do where it speaks. */
function guestEntry({ code, looksAt, remedy }: GuestCheck, language: PageLanguage): string {
  const words = WORDS[language];
  const english = [`Looks at ${looksAt}.`, remedy] as const;
  const [title, whatToDo] = language === 'en' ? english : (GUEST_TEXTS[language][code] ?? english);
  return [`### \`${code}\`\n`, `${title}\n`, `- ${words.remedy}${whatToDo ?? ''}\n`].join('\n');
}
