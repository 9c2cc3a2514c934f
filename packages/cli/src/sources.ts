import {
  Bandwidth,
  DiskferryError,
  openSource,
  parseChecksum,
  parseLocator,
  type Locator,
  type OpenSourceOptions,
  type Source,
} from '@diskferry/engine';
import { readConfiguration, type Configuration } from './configuration.ts';
import { imageFilesIn, isFolder } from './folder.ts';
import type { SourceFlags } from './source-flags.ts';
import { storeAccess } from './store-keys.ts';
import { parseBytes, parseCount } from './units.ts';

/** What a SOURCE comes to: the object with the image, and the other files that were given with it. */
export interface Sources extends AsyncDisposable {
  readonly main: Source;
  readonly companions: readonly Source[];
  /** Requests at once. */
  readonly connections: number;
}

/** @param count told of every byte that is received from any of the files */
export async function openSources(
  typed: string,
  flags: SourceFlags,
  count: (bytes: number) => void = () => {},
): Promise<Sources> {
  const configuration = await readConfiguration(process.env);
  const locators = [...(await expanded(parseLocator(typed))), ...(flags.extent ?? []).map(parseLocator)];
  const atOnce = connections(flags, locators);
  const common = { ...commonOptions(flags, count), connections: atOnce };
  const [main, ...companions] = locators.map((locator, index) =>
    openSource(locator, {
      ...common,
      ...access(locator, flags, configuration),
      ...(index === 0 ? checksum(flags) : {}),
    }),
  );
  if (!main) throw new DiskferryError('usage', `${typed} is an empty directory`);
  return {
    main,
    companions,
    connections: atOnce,
    async [Symbol.asyncDispose]() {
      for (const source of [main, ...companions]) await source[Symbol.asyncDispose]();
    },
  };
}

async function expanded(locator: Locator): Promise<readonly Locator[]> {
  if (locator.kind !== 'file' || !(await isFolder(locator.path))) return [locator];
  return (await imageFilesIn(locator.path)).map((path) => ({ kind: 'file', path }));
}

function commonOptions(flags: SourceFlags, count: (bytes: number) => void): OpenSourceOptions {
  return {
    policy: { allowNamedHost: true, allowPrivate: flags.allowPrivate === true },
    bandwidth: flags.bandwidth === undefined ? undefined : new Bandwidth(parseBytes(flags.bandwidth, '--bandwidth')),
    headers: Object.fromEntries((flags.header ?? []).map(headerOf)),
    pathStyle: flags.pathStyle,
    region: flags.region,
    count,
  };
}

function access(locator: Locator, flags: SourceFlags, configuration: Configuration): OpenSourceOptions {
  if (locator.kind !== 's3' && locator.kind !== 'cos') return {};
  return storeAccess(locator.kind, { flags, env: process.env, file: configuration[locator.kind] });
}

function checksum(flags: SourceFlags): OpenSourceOptions {
  return flags.checksum === undefined ? {} : { checksum: parseChecksum(flags.checksum) };
}

function connections(flags: SourceFlags, locators: readonly Locator[]): number {
  if (flags.connections !== undefined) return parseCount(flags.connections, '--connections', 64);
  return locators[0]?.kind === 'file' ? 4 : 8;
}

function headerOf(line: string): [string, string] {
  const at = line.indexOf(':');
  if (at > 0) return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  throw new DiskferryError('usage', '--header wants "Name: value"');
}
