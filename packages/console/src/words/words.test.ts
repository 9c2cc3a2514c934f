import { describe, expect, it } from 'vitest';
import { EN } from './en/index.ts';
import { JA } from './ja/index.ts';
import { ZH } from './zh/index.ts';

type Tree = { readonly [key: string]: string | Tree };

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value);
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) found.set(inner, text);
  }
  return found;
}

const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).toSorted();
const english = flat(EN);

/** Names of things, which are the same everywhere. */
const SAME = [
  'product',
  'instances.firmware.bios',
  'instances.firmware.uefi',
  'proof.accelerator.kvm',
  'wizard.configure.understood.s3',
  'wizard.configure.understood.cos',
];

describe.each([
  ['ja', flat(JA)],
  ['zh', flat(ZH)],
] as const)('the words in %s', (_language, words) => {
  it('are all there, and no others', () => {
    expect([...words.keys()].toSorted()).toEqual([...english.keys()].toSorted());
  });

  it('have the same holes to fill in', () => {
    for (const [key, text] of words) {
      // Where there is no plural, the number may be left to the one form.
      const wanted = holes(english.get(key) ?? '').filter((name) => name !== 'count');
      expect([key, holes(text).filter((name) => name !== 'count')]).toEqual([key, wanted]);
    }
  });

  it('are not left in English', () => {
    const left = [...words].filter(([key, text]) => !SAME.includes(key) && /^[\u0020-\u024f]+$/.test(text));
    const symbols = left.filter(([, text]) => /[a-z]{4,}/i.test(text.replaceAll(/\{\{\w+\}\}/g, '')));
    expect(symbols).toEqual([]);
  });
});
