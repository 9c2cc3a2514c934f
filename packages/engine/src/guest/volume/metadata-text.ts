import { damaged, overLimit } from '../fault.ts';

/** The text in which LVM keeps its metadata: sections, numbers, strings and lists of them. */
export type MetadataValue = string | number | readonly (string | number)[] | Section;
export interface Section {
  readonly [key: string]: MetadataValue | undefined;
}

const DEPTH_LIMIT = 8;
const VALUE_LIMIT = 100_000;
const TOKEN = /\s+|#[^\n]*|"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w.+-]*)|([{}[\]=,])|(.)/gsu;

type Token = { readonly kind: 'string' | 'number' | 'word' | 'sign'; readonly text: string };

/** @throws GuestFault */
export function parseMetadata(text: string): Section {
  const tokens = tokensOf(text);
  let at = 0;
  const whole = section(0);
  if (at < tokens.length) throw damaged('the LVM metadata cannot be understood');
  return whole;

  function section(depth: number): Section {
    if (depth > DEPTH_LIMIT) throw overLimit('the LVM metadata are nested too deep');
    // Without a prototype: names come from the disk.
    const values: Record<string, MetadataValue> = Object.create(null);
    while (at < tokens.length && tokens[at]?.text !== '}') {
      const name = next();
      const sign = next();
      if (sign.text === '{' && sign.kind === 'sign') {
        values[name.text] = section(depth + 1);
        expectSign('}');
      } else if (sign.text === '=' && sign.kind === 'sign') values[name.text] = value();
      else throw damaged('the LVM metadata cannot be understood');
    }
    return values;
  }

  function value(): MetadataValue {
    const token = next();
    if (token.kind !== 'sign') return token.kind === 'number' ? Number(token.text) : token.text;
    if (token.text !== '[') throw damaged('the LVM metadata cannot be understood');
    const list: (string | number)[] = [];
    while (tokens[at]?.text !== ']' || tokens[at]?.kind !== 'sign') {
      const item = next();
      if (item.kind === 'string' || item.kind === 'number')
        list.push(item.kind === 'number' ? Number(item.text) : item.text);
      else if (item.text !== ',') throw damaged('the LVM metadata cannot be understood');
    }
    at++;
    return list;
  }

  function next(): Token {
    const token = tokens[at++];
    if (!token) throw damaged('the LVM metadata end too early');
    return token;
  }

  function expectSign(sign: string): void {
    const token = next();
    if (token.kind !== 'sign' || token.text !== sign) throw damaged('the LVM metadata cannot be understood');
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [, string, number, word, sign, stray] of text.matchAll(TOKEN)) {
    if (stray !== undefined) throw damaged('the LVM metadata cannot be understood');
    if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll(/\\(.)/gs, '$1') });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    if (tokens.length > VALUE_LIMIT) throw overLimit('the LVM metadata have too many values');
  }
  return tokens;
}

export function sectionOf(section: Section, key: string): Section {
  const value = section[key];
  return typeof value === 'object' && !Array.isArray(value) ? (value as Section) : {};
}

export function numberOf(section: Section, key: string): number {
  const value = section[key];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

export function textOf(section: Section, key: string): string {
  const value = section[key];
  return typeof value === 'string' ? value : '';
}

export function listOf(section: Section, key: string): readonly (string | number)[] {
  const value = section[key];
  return Array.isArray(value) ? (value as readonly (string | number)[]) : [];
}
