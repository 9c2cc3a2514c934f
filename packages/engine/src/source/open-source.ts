import { DiskferryError } from '../base/errors.ts';
import type { Bandwidth } from './bandwidth.ts';
import { withChecksum, type Checksum } from './checksum.ts';
import { cosSource, describeCos } from './cos/cos-source.ts';
import { withCount } from './counted.ts';
import type { CredentialsSource } from './credentials.ts';
import { FileSource } from './file/file-source.ts';
import type { Resolver } from './http/connect.ts';
import { HttpSource } from './http/http-source.ts';
import type { Timeouts } from './http/timeouts.ts';
import { labelOf } from './label.ts';
import { parseLocator, type HttpLocator, type Locator } from './locator.ts';
import { nameOfKey } from './object-key.ts';
import { COMMAND_POLICY, type AddressPolicy } from './policy.ts';
import { withReadAhead } from './read-ahead.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { withRetry } from './retry.ts';
import type { Source } from './source.ts';
import { s3Source } from './s3/s3-source.ts';
import { withThrottle } from './throttle.ts';

export interface OpenOptions {
  /** Default: COMMAND_POLICY. */
  readonly policy?: AddressPolicy | undefined;
  /** For `s3:` and `cos:`; anonymous without. */
  readonly credentials?: CredentialsSource | undefined;
  /** Of the bucket, where the locator does not tell it. */
  readonly region?: string | undefined;
  /** Of an S3-compatible store, or where a COS bucket answers: scheme, host and port. */
  readonly endpoint?: string | undefined;
  readonly pathStyle?: boolean | undefined;
  /** Sent with every HTTP request to the named host. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** Ranges that a stream of the whole object is read in at once; default 1. */
  readonly connections?: number | undefined;
  /** Shared by everything that is read; where there are several, each of them holds. */
  readonly bandwidth?: Bandwidth | readonly Bandwidth[] | undefined;
  /** What the object should have; the store's own CRC is compared anyway. */
  readonly checksum?: Checksum | undefined;
  /** Told of every byte that is received, repeated ones included. */
  readonly count?: ((bytes: number) => void) | undefined;
  /** Authorities to trust besides the system's, PEM. */
  readonly ca?: string | undefined;
  /** A file must be a regular one that lies below one of these folders, links resolved. Default: it may be anywhere. */
  readonly folders?: readonly string[] | undefined;
  readonly resolve?: Resolver | undefined;
}

/**
 * The source that a locator names, with retry, throttle and checksums around it. Nothing is opened or asked yet.
 * @throws DiskferryError `usage`
 */
export function openSource(what: Locator | string, options: OpenOptions = {}): Source {
  const locator = typeof what === 'string' ? parseLocator(what) : what;
  let source = bareSource(locator, options);
  if (options.count !== undefined) source = withCount(source, options.count);
  if (locator.kind !== 'file') source = withRetry(source, options.retry);
  for (const bandwidth of [options.bandwidth ?? []].flat()) source = withThrottle(source, bandwidth);
  if (locator.kind !== 'file') source = withReadAhead(source, { connections: options.connections ?? 1 });
  return withChecksum(source, options.checksum);
}

function bareSource(locator: Locator, options: OpenOptions): Source {
  const { timeouts, resolve, ca, headers, credentials, endpoint, policy = COMMAND_POLICY } = options;
  const http = { timeouts, resolve, ca, headers, policy };
  switch (locator.kind) {
    case 'file':
      return new FileSource(locator.path, options.folders);
    case 'http':
      return httpSource(locator, options);
    case 's3':
      return s3Source({
        ...http,
        ...locator,
        region: locator.region ?? options.region,
        endpoint: endpoint === undefined ? undefined : checkedEndpoint(endpoint),
        pathStyle: options.pathStyle,
        credentials,
      });
    case 'cos': {
      const origin = endpoint === undefined ? locator.origin : checkedEndpoint(endpoint);
      return cosSource({ ...http, ...locator, region: locator.region ?? options.region, origin, credentials });
    }
    default:
      return locator satisfies never;
  }
}

function httpSource(locator: HttpLocator, options: OpenOptions): Source {
  const url = new URL(locator.url);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  return new HttpSource({
    url,
    label: labelOf(locator),
    name: nameOfKey(decoded(url.pathname)),
    region: locator.region ?? options.region,
    policy: options.policy ?? COMMAND_POLICY,
    headers: { ...options.headers, ...basicAuth(username, password) },
    timeouts: options.timeouts,
    resolve: options.resolve,
    ca: options.ca,
    ...(locator.store === 'cos' ? { redirects: 0, dialect: { describe: describeCos } } : {}),
  });
}

/** RFC 7617. */
function basicAuth(username: string, password: string): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

/** A name to show may be badly encoded; then it is shown as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function checkedEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url !== undefined && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href.replace(/\/$/, '');
  throw new DiskferryError('usage', 'an endpoint is a link with scheme and host, as in https://minio.example:9000');
}
