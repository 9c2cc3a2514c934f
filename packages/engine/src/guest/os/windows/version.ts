import type { Fact } from '../../report.ts';

/** What the registry says under `Windows NT\CurrentVersion`. */
export interface VersionWords {
  readonly product: string | undefined;
  readonly build: string | undefined;
  /** `Server`, `Server Core`, `Client`. */
  readonly kind: string | undefined;
  /** `24H2`. */
  readonly release: string | undefined;
  /** Counts the updates of a build. */
  readonly revision: number | undefined;
}

/** From the build on, the name of a server. */
const SERVERS: readonly (readonly [number, string])[] = [
  [26_100, '2025'],
  [20_348, '2022'],
  [17_763, '2019'],
  [14_393, '2016'],
  [9600, '2012 R2'],
  [9200, '2012'],
  [7600, '2008 R2'],
  [6001, '2008'],
];
/** Windows 11 still calls itself 10 in the registry. */
const ELEVEN = 22_000;

/** The name as people know it: `Windows Server 2025 Datacenter (24H2), build 26100.1742`. */
export function windowsVersion(words: VersionWords, from: string): Fact<string> {
  const name = nameOf(words);
  if (name === undefined) return { unknown: 'Microsoft\\Windows NT\\CurrentVersion has no ProductName' };
  const release = words.release === undefined ? '' : ` (${words.release})`;
  const revision = words.build === undefined || words.revision === undefined ? '' : `.${words.revision}`;
  return { value: `${name}${release}, build ${words.build ?? 'unknown'}${revision}`, from };
}

function nameOf({ product, build, kind }: VersionWords): string | undefined {
  const number = Number(build);
  if (product === undefined) {
    const year = kind?.startsWith('Server') ? SERVERS.find(([first]) => number >= first)?.[1] : undefined;
    return year === undefined ? undefined : `Windows Server ${year}`;
  }
  return number >= ELEVEN && kind === 'Client' ? product.replace(/^Windows 10\b/, 'Windows 11') : product;
}
