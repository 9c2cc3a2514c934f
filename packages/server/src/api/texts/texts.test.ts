import { CATALOGUE } from '@diskferry/engine';
import { GUEST_CHECKS } from '@diskferry/engine/guest';
import { REFUSALS, type RefusalCode } from '@diskferry/protocol';
import { describe, expect, it } from 'vitest';
import { SERVICE_CATALOGUE } from '../../base/catalogue.ts';
import { CHECKS } from '../../preflight/catalogue.ts';
import { PROVIDER_CATALOGUE } from '../../providers/catalogue.ts';
import { languageOf } from '../language.ts';
import { checksIn } from './checks.ts';
import { CHECKS_JA } from './ja/checks.ts';
import { refusalText, textOf, TEXTS } from './texts.ts';
import { GUEST_CHECKS_JA } from './ja/guest-checks.ts';
import { CHECKS_ZH } from './zh/checks.ts';
import { GUEST_CHECKS_ZH } from './zh/guest-checks.ts';

const CODES = [
  ...Object.keys(CATALOGUE),
  ...Object.keys(PROVIDER_CATALOGUE),
  ...Object.keys(SERVICE_CATALOGUE),
].toSorted();
const LETTERS = { ja: /[\p{Script=Hiragana}\p{Script=Katakana}]/u, zh: /\p{Script=Han}/u } as const;

describe.each(['ja', 'zh'] as const)('%s', (language) => {
  it('has every code, and no other', () => {
    expect(Object.keys(TEXTS[language]).toSorted()).toEqual(CODES);
    expect(Object.keys(language === 'ja' ? CHECKS_JA : CHECKS_ZH).toSorted()).toEqual(Object.keys(CHECKS).toSorted());
  });

  it('has every rule about guests, and no other', () => {
    const texts = language === 'ja' ? GUEST_CHECKS_JA : GUEST_CHECKS_ZH;
    expect(Object.keys(texts).toSorted()).toEqual(GUEST_CHECKS.map(({ code }) => code).toSorted());
    for (const [title, remedy] of Object.values(texts)) {
      expect(title).toMatch(LETTERS[language]);
      expect(remedy).toMatch(LETTERS[language]);
    }
    if (language === 'zh') expect(JSON.stringify(texts)).not.toMatch(LETTERS.ja);
  });

  it('is written in its letters, in whole sentences', () => {
    for (const [code, [meaning, remedy]] of Object.entries(TEXTS[language])) {
      expect(meaning, code).toMatch(LETTERS[language]);
      expect(meaning, code).toMatch(/。$/);
      expect(remedy.length, code).toBeGreaterThan(3);
    }
    for (const code of Object.keys(REFUSALS)) {
      expect(refusalText(code as RefusalCode, language)).toMatch(LETTERS[language]);
    }
  });

  it('has nothing of the other one', () => {
    const all = JSON.stringify([TEXTS[language], language === 'ja' ? CHECKS_JA : CHECKS_ZH]);
    if (language === 'zh') expect(all).not.toMatch(LETTERS.ja);
    else expect(all).not.toMatch(/[这请时间务没]请|该|没有/);
  });

  it('says every check where it does not pass, and keeps evidence as it was found', () => {
    for (const [code, { title, remedy }] of Object.entries(CHECKS)) {
      const [shown] = checksIn([{ code, verdict: 'block', image: 0, title, evidence: 'HTTP 403', remedy }], language);
      expect(shown?.title).toMatch(LETTERS[language]);
      expect(shown?.evidence).toBe('HTTP 403');
      expect(shown?.remedy === null).toBe(remedy === null);
    }
  });
});

describe('English', () => {
  it('never speaks of flags of the command', () => {
    for (const [code, [, remedy]] of Object.entries(TEXTS.en)) {
      expect(remedy, code).not.toMatch(/(^|\s)--[a-z]|same command/);
    }
  });

  it('is there for a code that nobody knows', () => {
    expect(textOf('of-tomorrow', 'ja')).toEqual({ meaning: 'of-tomorrow', remedy: '' });
    expect(textOf('constructor', 'en').meaning).toBe('constructor');
  });
});

describe('languageOf()', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['ja', 'ja'],
    ['ja-JP,en;q=0.5', 'ja'],
    ['fr, zh-Hans-CN;q=0.8, en;q=0.7', 'zh'],
    ['en;q=0.1, ZH;q=0.2', 'zh'],
    ['ja;q=0, en', 'en'],
    ['ja;q=x, zh;q=0.1', 'zh'],
    ['jam', 'en'],
    [`${'x,'.repeat(100_000)}ja`, 'en'],
  ])('%s is %s', (header, language) => {
    expect(languageOf(header)).toBe(language);
  });
});
