import { DiskferryError } from '../../base/errors.ts';
import { currentCredentials, type CredentialsSource } from '../credentials.ts';
import { HttpSource, type HttpOptions } from '../http/http-source.ts';
import type { Headers } from '../http/wire/answer-head.ts';
import type { Request } from '../http/wire/request-head.ts';
import { keyOfPath, nameOfKey, pathOfKey } from '../object-key.ts';
import type { Identified, Source } from '../source.ts';
import { cosAuthorization } from './signature.ts';

export interface CosObject {
  /** With its APPID: `images-1250000000`. */
  readonly bucket: string;
  readonly key: string;
  /** Needed to find the host, unless `origin` names it. */
  readonly region?: string | undefined;
  /** Where the bucket answers, when that is not its usual host: accelerated, internal, another address. */
  readonly origin?: string | undefined;
  /** Anonymous where there are none. */
  readonly credentials?: CredentialsSource | undefined;
  readonly versionId?: string | undefined;
}

export type CosOptions = CosObject & Pick<HttpOptions, 'policy' | 'timeouts' | 'resolve' | 'ca' | 'headers'>;

/** How long a signature is good for. It is made for one request; the rest is for clocks that differ. */
const VALID_SECONDS = 900;
const CLOCK_SKEW_SECONDS = 60;

/**
 * An object of Tencent Cloud COS; every request is signed. A bucket may answer with a redirect to any address (back to
 * origin); it is not followed.
 * @throws DiskferryError `usage` without a region
 */
export function cosSource(options: CosOptions): Source {
  const url = linkOf(options);
  return new HttpSource({
    ...options,
    url,
    label: `cos://${options.bucket}/${options.key}`,
    name: nameOfKey(options.key),
    redirects: 0,
    dialect: {
      link: (expect) => withVersion(url, options.versionId ?? expect?.version),
      sign: (request) => signed(request, options.credentials),
      describe: describeCos,
    },
  });
}

function linkOf({ bucket, key, region, origin }: CosObject): URL {
  if (origin === undefined && region === undefined) {
    throw new DiskferryError('usage', `the region of the bucket ${bucket} is not known: give it with --region`);
  }
  return new URL(`${origin ?? `https://${bucket}.cos.${region}.myqcloud.com`}${pathOfKey(key)}`);
}

function withVersion(url: URL, version: string | undefined): URL {
  if (version === undefined) return url;
  const link = new URL(url);
  link.searchParams.set('versionId', version);
  return link;
}

async function signed(request: Request, from: CredentialsSource | undefined): Promise<Request> {
  if (from === undefined) return request;
  const credentials = await currentCredentials(from);
  const now = Math.floor(Date.now() / 1000);
  const authorization = cosAuthorization(
    {
      method: 'get',
      path: `/${keyOfPath(request.url.pathname)}`,
      headers: { host: request.url.host },
      parameters: Object.fromEntries(request.url.searchParams),
      from: now - CLOCK_SKEW_SECONDS,
      until: now + VALID_SECONDS,
    },
    credentials,
  );
  const { sessionToken } = credentials;
  const token: Record<string, string> = sessionToken === undefined ? {} : { 'x-cos-security-token': sessionToken };
  return { url: request.url, headers: { ...request.headers, authorization, ...token } };
}

/**
 * What COS tells in its own headers: the CRC-64 of the whole object in decimal (also with a range), and the MD5 that
 * COSCMD leaves with what it uploads.
 */
export function describeCos(headers: Headers): Pick<Identified, 'version' | 'digests'> {
  const version = headers['x-cos-version-id'];
  const crc = headers['x-cos-hash-crc64ecma'];
  const md5 = headers['x-cos-meta-md5'];
  const digests = {
    ...(typeof crc === 'string' && /^\d{1,20}$/.test(crc) ? { crc64ecma: crc } : {}),
    ...(typeof md5 === 'string' && /^[0-9a-f]{32}$/i.test(md5) ? { md5: md5.toLowerCase() } : {}),
  };
  return {
    ...(typeof version === 'string' && version !== 'null' ? { version } : {}),
    ...(Object.keys(digests).length > 0 ? { digests } : {}),
  };
}
