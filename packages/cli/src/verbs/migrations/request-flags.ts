import { readFile } from 'node:fs/promises';
import { DiskferryError } from '@diskferry/engine';
import type { Schemas } from '@diskferry/protocol/client';
import type { Command } from 'commander';
import { storeAccess } from '../../store-keys.ts';
import { parseBytes } from '../../units.ts';

/** What migrate and preflight have in common. */
export interface RequestFlags {
  readonly name?: string;
  readonly data?: readonly string[];
  readonly format?: string;
  readonly member?: string;
  readonly checksum?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly pathStyle?: boolean;
  readonly credentials?: string;
  readonly header?: readonly string[];
  readonly ifRunning?: string;
  readonly start?: boolean;
  readonly verify?: string;
  readonly proveBoot?: string;
  readonly bandwidth?: string;
  readonly at?: string;
  readonly priority?: string;
  readonly accept?: readonly string[];
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function addRequestFlags(command: Command, kind: Schemas['MigrationInput']['kind']): Command {
  command
    .option('--name <NAME>', 'what the migration is called (default: the name of the image)')
    .option('--data <VOLUME=LINK>', 'one more image, onto this volume; may be repeated', collect)
    .option('--format <NAME>', 'the format that the image must have')
    .option('--member <NAME>', 'which disk of an archive that holds several')
    .option('--checksum <ALG:HEX>', 'what the object must have as it lies there')
    .option('--region <NAME>', 'region of the bucket')
    .option('--endpoint <URL>', 'where an S3-compatible store answers')
    .option('--path-style', 'the bucket stands in the path, not in the host name')
    .option('--credentials <FILE>', 'a file with accessKeyId=, secretAccessKey= and sessionToken= lines')
    .option('--header <LINE>', 'sent with every HTTP request, as "Name: value"; may be repeated', collect)
    .option('--verify <LEVEL>', 'none, written (read back what was written), full (and then the whole disk)')
    .option('--bandwidth <RATE>', 'at most this many bytes a second, such as 50M')
    .option('--at <TIME>', 'not before this time, such as 2026-12-01T02:00+09:00')
    .option('--priority <N>', 'higher ones go first, -1000 to 1000')
    .option('--accept <CODE>', 'a warning that is accepted; may be repeated', collect);
  if (kind === 'data') return command;
  return command
    .option('--if-running <WHAT>', 'what happens to an instance that runs: refuse, stop, force')
    .option('--start', 'start the instance afterwards')
    .option('--prove-boot <WHEN>', 'start a throw-away copy first and see that it comes up: auto, always, never');
}

export interface Wanted {
  readonly kind: Schemas['MigrationInput']['kind'];
  readonly link: string;
  readonly target: string;
  readonly flags: RequestFlags;
}

/** @throws DiskferryError `usage` */
export async function requestOf({ kind, link, target, flags }: Wanted): Promise<Schemas['MigrationInput']> {
  const first = {
    source: await sourceOf(link, flags),
    target: kind === 'instance' ? { instance: target } : { volume: target },
  };
  const more = (flags.data ?? []).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new DiskferryError('usage', `--data is ${pair}; VOLUME=LINK is wanted`);
    return { source: { link: pair.slice(at + 1), pathStyle: false }, target: { volume: pair.slice(0, at) } };
  });
  const images = [first, ...more].map(({ source, target: where }) => ({
    source,
    target: kind === 'instance' ? { ...where, instance: target } : where,
  }));
  return { name: flags.name ?? nameOf(link), kind, images, options: optionsOf(flags) };
}

/** The last part of the link, without what behind `?` may be secret. */
function nameOf(link: string): string {
  const path = link.replace(/[?#].*$/s, '').replace(/\/+$/, '');
  return path.slice(path.lastIndexOf('/') + 1).slice(0, 200) || 'migration';
}

async function sourceOf(link: string, flags: RequestFlags): Promise<Schemas['SourceInput']> {
  const { format, member, checksum, region, endpoint, pathStyle = false } = flags;
  const headers = flags.header && Object.fromEntries(flags.header.map(headerOf));
  const credentials = await credentialsOf(link, flags);
  return {
    link,
    pathStyle,
    ...defined({ format, member, checksum, region, endpoint, headers, credentials }),
  };
}

/** From the file that was named; for s3: and cos: else from the environment. */
async function credentialsOf(link: string, flags: RequestFlags): Promise<Schemas['SourceInput']['credentials']> {
  const store = /^(s3|cos):/.exec(link)?.[1] as 's3' | 'cos' | undefined;
  if (flags.credentials === undefined) {
    return store && storeAccess(store, { flags: {}, env: process.env, file: {} }).credentials;
  }
  const text = await readFile(flags.credentials, 'utf8').catch((cause: unknown) => {
    throw new DiskferryError('usage', `--credentials: ${flags.credentials} cannot be read`, { cause });
  });
  const found = Object.fromEntries(
    text.split('\n').map((line) => [line.replace(/=.*/s, '').trim(), line.slice(line.indexOf('=') + 1).trim()]),
  );
  const { accessKeyId, secretAccessKey, sessionToken } = found as Record<string, string | undefined>;
  if (!accessKeyId || !secretAccessKey) {
    throw new DiskferryError(
      'usage',
      `--credentials: ${flags.credentials} has no accessKeyId= and secretAccessKey= lines`,
    );
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function headerOf(line: string): [string, string] {
  const at = line.indexOf(':');
  if (at > 0) return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  throw new DiskferryError('usage', '--header wants "Name: value"');
}

function optionsOf(flags: RequestFlags): NonNullable<Schemas['MigrationInput']['options']> {
  return defined({
    runningInstance: oneOf('--if-running', flags.ifRunning, ['refuse', 'stop', 'force']),
    startAfterwards: flags.start,
    verify: oneOf('--verify', flags.verify, ['none', 'written', 'full']),
    proveBoot: oneOf('--prove-boot', flags.proveBoot, ['auto', 'always', 'never']),
    bandwidth: flags.bandwidth === undefined ? undefined : parseBytes(flags.bandwidth, '--bandwidth'),
    notBefore: flags.at === undefined ? undefined : timeOf(flags.at),
    priority: flags.priority === undefined ? undefined : priorityOf(flags.priority),
    accept: flags.accept === undefined ? undefined : [...flags.accept],
  });
}

function oneOf<Value extends string>(
  flag: string,
  typed: string | undefined,
  known: readonly Value[],
): Value | undefined {
  if (typed === undefined || (known as readonly string[]).includes(typed)) return typed as Value | undefined;
  throw new DiskferryError('usage', `${flag} is ${typed}; ${known.join(', ')} are known`);
}

function timeOf(typed: string): number {
  const time = Date.parse(typed);
  if (!Number.isNaN(time)) return time;
  throw new DiskferryError('usage', `--at is ${typed}; a time such as 2026-12-01T02:00+09:00 is wanted`);
}

function priorityOf(typed: string): number {
  if (/^-?\d{1,4}$/.test(typed)) return Number(typed);
  throw new DiskferryError('usage', `--priority is ${typed}; a whole number from -1000 to 1000 is wanted`);
}

type Defined<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };

/** Without the fields that nobody has given. */
export function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;
}
