import { AwsV4Signer } from 'aws4fetch';
import { currentCredentials, type CredentialsSource } from '../credentials.ts';
import { HttpSource, type HttpOptions } from '../http/http-source.ts';
import type { Headers } from '../http/wire/answer-head.ts';
import type { Request } from '../http/wire/request-head.ts';
import { nameOfKey, pathOfKey } from '../object-key.ts';
import type { Identified, Source } from '../source.ts';

export interface S3Object {
  readonly bucket: string;
  readonly key: string;
  /** Default us-east-1, which stores that know no regions take as well. */
  readonly region?: string | undefined;
  /** Of an S3-compatible store: `https://minio.example:9000`. Default: Amazon's for the region. */
  readonly endpoint?: string | undefined;
  /** The bucket in the path instead of the host name. Default: with an endpoint, and for a bucket with a dot in its name. */
  readonly pathStyle?: boolean | undefined;
  /** Anonymous where there are none. */
  readonly credentials?: CredentialsSource | undefined;
  /** A version other than the newest. */
  readonly versionId?: string | undefined;
}

export type S3Options = S3Object & Pick<HttpOptions, 'policy' | 'timeouts' | 'resolve' | 'ca' | 'headers'>;

/** An object of S3 or of a store that speaks its protocol; every request is signed (Signature Version 4). */
export function s3Source(options: S3Options): Source {
  const url = linkOf(options);
  return new HttpSource({
    ...options,
    url,
    label: `s3://${options.bucket}/${options.key}`,
    name: nameOfKey(options.key),
    // A redirect of a store means a wrong region, and a signature is good for one host only.
    redirects: 0,
    dialect: {
      link: (expect) => withVersion(url, options.versionId ?? expect?.version),
      sign: (request) => signed(request, options),
      describe,
    },
  });
}

function linkOf({ bucket, key, region = 'us-east-1', endpoint, pathStyle }: S3Object): URL {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const base = new URL(endpoint ?? `https://s3.${region}.${domain}`);
  const inPath = pathStyle ?? (endpoint !== undefined || bucket.includes('.'));
  const prefix = base.pathname.replace(/\/$/, '');
  if (inPath) return new URL(`${base.origin}${prefix}/${bucket}${pathOfKey(key)}`);
  return new URL(`${base.protocol}//${bucket}.${base.host}${prefix}${pathOfKey(key)}`);
}

function withVersion(url: URL, version: string | undefined): URL {
  if (version === undefined) return url;
  const link = new URL(url);
  link.searchParams.set('versionId', version);
  return link;
}

/** Only host, date and token are signed: what a proxy may rewrite, like Accept-Encoding, is left out. */
async function signed(request: Request, { credentials, region = 'us-east-1' }: S3Object): Promise<Request> {
  if (credentials === undefined) return request;
  const { accessKeyId, secretAccessKey, sessionToken } = await currentCredentials(credentials);
  const signer = new AwsV4Signer({
    method: 'GET',
    url: request.url.href,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    service: 's3',
    region,
  });
  const { headers } = await signer.sign();
  return { url: request.url, headers: { ...request.headers, ...Object.fromEntries(headers) } };
}

/** The ETag is no MD5 (parts, encryption): a validator and nothing else. A bucket without versions says "null". */
function describe(headers: Headers): Pick<Identified, 'version'> {
  const version = headers['x-amz-version-id'];
  return typeof version === 'string' && version !== 'null' ? { version } : {};
}
