import { fileURLToPath } from 'node:url';
import { DiskferryError } from '../base/errors.ts';
import { isPresigned } from './http/presigned.ts';
import { keyOfPath } from './object-key.ts';
import { storeOf } from './store-link.ts';

/** What a person types for a source, taken apart. Plain data; it may carry secrets, its label (`label.ts`) does not. */
export type Locator = FileLocator | HttpLocator | S3Locator | CosLocator;

export interface FileLocator {
  readonly kind: 'file';
  readonly path: string;
}

export interface HttpLocator {
  readonly kind: 'http';
  /** As it was given, user name, password and signature included. */
  readonly url: string;
  /** The store that the host belongs to, and its region, where the host tells. */
  readonly store?: 'cos' | 's3' | undefined;
  readonly region?: string | undefined;
}

export interface S3Locator {
  readonly kind: 's3';
  readonly bucket: string;
  readonly key: string;
  readonly region?: string | undefined;
  readonly versionId?: string | undefined;
}

export interface CosLocator {
  readonly kind: 'cos';
  readonly bucket: string;
  readonly key: string;
  readonly region?: string | undefined;
  readonly versionId?: string | undefined;
  /** Scheme and host of the link, where one was given: the accelerated and internal hosts are kept. */
  readonly origin?: string | undefined;
}

/**
 * A path, `file:`, `http(s):`, `s3://bucket/key`, `cos://bucket-appid/key`, or the plain link of an object in COS or S3.
 * Keys behind `s3://` and `cos://` are taken as they stand, those in links are percent-decoded.
 * @throws DiskferryError `usage`
 */
export function parseLocator(typed: string): Locator {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(typed)?.[1]?.toLowerCase();
  if (typed === '') throw new DiskferryError('usage', 'the source is empty');
  if (scheme === 'file') return { kind: 'file', path: pathOfFileUrl(typed) };
  if (scheme === 'http' || scheme === 'https') return parseHttp(typed);
  if (scheme === 's3' || scheme === 'cos') return { kind: scheme, ...bucketAndKey(typed, scheme) };
  if (scheme !== undefined && typed.startsWith('://', scheme.length)) {
    throw new DiskferryError('usage', `a source with the scheme ${scheme} is not known: file, http, https, s3, cos`);
  }
  return { kind: 'file', path: typed };
}

function bucketAndKey(typed: string, scheme: 's3' | 'cos'): { bucket: string; key: string } {
  const match = /^[^:]+:\/\/([^/]*)\/(.+)$/s.exec(typed);
  const [bucket = '', key = ''] = match?.slice(1) ?? [];
  const shape = scheme === 'cos' ? /^[a-z0-9][a-z0-9-]*-\d+$/ : /^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/;
  if (shape.test(bucket)) return { bucket, key };
  // What stands in front of the slash may be a password that was typed there: it is not repeated.
  const form = scheme === 'cos' ? 'cos://BUCKET-APPID/KEY' : 's3://BUCKET/KEY';
  throw new DiskferryError('usage', `the bucket or the key behind ${scheme}: is not of the form ${form}`);
}

function pathOfFileUrl(typed: string): string {
  try {
    return fileURLToPath(typed);
  } catch (cause) {
    throw new DiskferryError('usage', 'a file: link names a path of this machine, as in file:///srv/disk.qcow2', {
      cause,
    });
  }
}

function parseHttp(typed: string): Locator {
  if (!URL.canParse(typed))
    throw new DiskferryError('usage', 'the link cannot be read: a host or its encoding is wrong');
  const url = new URL(typed);
  url.hash = '';
  const store = storeOf(url);
  if (store === undefined) return { kind: 'http', url: url.href };
  const { kind, region, bucket } = store;
  const plain = url.username === '' && [...url.searchParams.keys()].every((name) => name === 'versionId');
  if (!plain || isPresigned(url)) return { kind: 'http', url: url.href, store: kind, region };
  const key = keyOfPath(store.path);
  if (key === '') throw new DiskferryError('usage', `the link names the bucket ${bucket} and no object in it`);
  const versionId = url.searchParams.get('versionId') ?? undefined;
  const object = { bucket, key, region, ...(versionId === undefined ? {} : { versionId }) };
  return kind === 'cos' ? { kind, ...object, origin: url.origin } : { kind, ...object };
}
