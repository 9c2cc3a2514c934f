import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSize } from './units.ts';

export interface Options {
  /** Virtual size of the disk; a quarter of it holds data. */
  readonly disk: number;
  readonly only: readonly string[];
  readonly peers: readonly string[];
  /** Peers, too, wait until the disk is on the medium, as ours always does. */
  readonly durable: boolean;
  readonly rounds: number;
  readonly json: string | undefined;
  readonly work: string;
  /** The command to measure: this checkout's own, or another checkout's for a look before and after. */
  readonly command: string;
  /** Where `node --cpu-prof` puts what our own runs did; undefined: no profiles, which cost time. */
  readonly profile: string | undefined;
  readonly list: boolean;
}

const ROOT = join(import.meta.dirname, '..');

/** Throws with a sentence on anything it does not know. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      small: { type: 'boolean', default: false },
      disk: { type: 'string' },
      only: { type: 'string' },
      peers: { type: 'string', default: 'all' },
      durable: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      json: { type: 'string' },
      work: { type: 'string', default: join(import.meta.dirname, 'work') },
      command: { type: 'string', default: join(ROOT, 'packages/cli/bin/diskferry.js') },
      profile: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  });
  return {
    disk: parseSize(values.disk ?? (values.small ? '4G' : '16G')),
    only: names(values.only ?? '*'),
    peers: names(values.peers),
    durable: values.durable,
    rounds: positive(values.rounds),
    json: values.json,
    work: values.work,
    command: values.command,
    profile: values.profile,
    list: values.list,
  };
}

/** `all` and `none` are words; everything else names things, with `*` for any letters. */
export function isChosen(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => pattern === 'all' || patternOf(pattern).test(name));
}

function patternOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`);
}

function names(list: string): string[] {
  return list.split(',').map((name) => name.trim());
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--rounds must be 1 or more, not ${text}`);
  return number;
}
