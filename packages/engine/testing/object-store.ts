import { createHash, createHmac } from 'node:crypto';
import type { ReceivedRequest, ServedObject } from './served-object.ts';
import { startTestServer, type TestServer } from './test-server.ts';

/** The keys that the store knows. */
export const KEYS = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test/secret+key', sessionToken: 'test token' };

export interface ObjectStore extends TestServer {
  /** Puts an object; with a version the newest is served without `versionId`, and every one with it. */
  put(path: string, object: ServedObject, version?: string): void;
}

/**
 * A store that checks signatures for real, by a calculation of its own: S3 (Signature Version 4) or COS. A wrong or
 * missing one is answered with 403 and the store's error code. Objects know versions.
 */
export async function startObjectStore(
  kind: 's3' | 'cos',
  options: { anonymous?: boolean } = {},
): Promise<ObjectStore> {
  const server = await startTestServer();
  const verify = kind === 's3' ? isSignedForS3 : isSignedForCos;
  server.guard((request) => {
    if (request.method !== 'GET') return { status: 403, body: errorBody('AccessDenied') };
    if (request.headers['authorization'] === undefined) {
      return options.anonymous ? undefined : { status: 403, body: errorBody('AccessDenied') };
    }
    return verify(request) ? undefined : { status: 403, body: errorBody('SignatureDoesNotMatch') };
  });
  return Object.assign(server, {
    put: (path: string, object: ServedObject, version?: string): void => {
      const header = kind === 's3' ? 'x-amz-version-id' : 'x-cos-version-id';
      const named = version === undefined ? {} : { [header]: version };
      const served = Object.assign(object, { headers: { ...object.headers, ...named } });
      server.serve(path, served);
      if (version !== undefined) server.serveVersion(path, version, served);
    },
  });
}

function errorBody(code: string): string {
  return `<?xml version='1.0' encoding='utf-8' ?><Error><Code>${code}</Code><Message>No.</Message></Error>`;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
export function isSignedForS3({ method, path, headers }: ReceivedRequest): boolean {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const [, id, day = '', region = '', names = '', signature] = pattern.exec(headers['authorization'] ?? '') ?? [];
  const date = headers['x-amz-date'] ?? '';
  if (id !== KEYS.accessKeyId || !date.startsWith(day) || !names.split(';').includes('host')) return false;
  if (headers['x-amz-security-token'] !== KEYS.sessionToken) return false;
  const [rawPath = '', rawQuery = ''] = path.split('?');
  const query = rawQuery
    .split('&')
    .filter((pair) => pair !== '')
    .toSorted()
    .join('&');
  const signed = names.split(';').map((name) => `${name}:${headers[name]?.trim()}\n`);
  const canonical = [method, rawPath, query, signed.join(''), names, headers['x-amz-content-sha256']].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  let key: string | Buffer = `AWS4${KEYS.secretAccessKey}`;
  for (const part of [day, region, 's3', 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  return createHmac('sha256', key).update(text).digest('hex') === signature;
}

/** https://www.tencentcloud.com/document/product/436/7778 */
export function isSignedForCos({ method, path, headers }: ReceivedRequest): boolean {
  const fields = new URLSearchParams(headers['authorization']?.replaceAll('+', '%2B'));
  const time = fields.get('q-key-time') ?? '';
  const [from = 0, until = 0] = time.split(';').map(Number);
  const now = Date.now() / 1000;
  if (fields.get('q-ak') !== KEYS.accessKeyId || now < from || now > until) return false;
  if (headers['x-cos-security-token'] !== KEYS.sessionToken) return false;
  const [rawPath = '', rawQuery = ''] = path.split('?');
  const parameters = new URLSearchParams(rawQuery);
  const byName = (wanted: string) => [...parameters].find(([name]) => name.toLowerCase() === wanted)?.[1];
  // Every parameter of the request must be covered: one that is not could be changed by anybody.
  if (
    [...parameters].length !== (fields.get('q-url-param-list') ?? '').split(';').filter((name) => name !== '').length
  ) {
    return false;
  }
  const lines = [
    method.toLowerCase(),
    decodeURIComponent(rawPath),
    pick(fields.get('q-url-param-list'), byName),
    pick(fields.get('q-header-list'), (name) => headers[name]),
    '',
  ];
  const text = `sha1\n${time}\n${createHash('sha1').update(lines.join('\n')).digest('hex')}\n`;
  const signKey = createHmac('sha1', KEYS.secretAccessKey).update(time).digest('hex');
  return createHmac('sha1', signKey).update(text).digest('hex') === fields.get('q-signature');
}

/** The named fields as pairs, their values encoded. */
function pick(list: string | null, of: (name: string) => string | null | undefined): string {
  const names = (list ?? '').split(';').filter((name) => name !== '');
  return names.map((name) => `${name}=${encodeURIComponent(of(name) ?? '')}`).join('&');
}
