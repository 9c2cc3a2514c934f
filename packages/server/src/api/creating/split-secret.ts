import type { ReplaceLinkInput, SourceInput } from '@diskferry/protocol/schemas';
import { ServiceError } from '../../base/errors.ts';
import type { ImageSource } from '../../migrations/migration.ts';
import type { Secret } from '../../secrets/secret.ts';
import { declaredChecksum, declaredFormat } from '../../sources/image-options.ts';
import { splitLink } from '../../sources/split-link.ts';

/** A source taken apart: what may be shown, and what opens it. */
export interface SplitSource {
  readonly source: ImageSource;
  readonly secret: Secret | null;
}

/** `at` is the JSON pointer of the source in the request. @throws ServiceError `invalid-request` */
export function splitSource(input: SourceInput, at: string): SplitSource {
  const { checksum = null, format = null, member = null, region = null, endpoint = null, pathStyle = false } = input;
  if (endpoint !== null) pointing(`${at}/endpoint`, () => requireOpenEndpoint(endpoint));
  if (format !== null) pointing(`${at}/format`, () => declaredFormat(format));
  if (checksum !== null) pointing(`${at}/checksum`, () => declaredChecksum(checksum));
  const { link, secret } = splitGiven(input, at);
  return { source: { link, credentials: null, checksum, format, member, region, endpoint, pathStyle }, secret };
}

/** What of a link is shown goes on; where that is not all of it, the whole link is a part of the secret. */
export function splitGiven(
  { link, credentials, headers }: Pick<ReplaceLinkInput, 'link' | 'credentials' | 'headers'>,
  at: string,
): { readonly link: string; readonly secret: Secret | null } {
  const { shown, secret } = pointing(`${at}/link`, () => splitLink(link));
  const all: Secret = {
    ...secret,
    ...credentials,
    ...(headers == null || Object.keys(headers).length === 0 ? {} : { headers }),
  };
  return { link: shown, secret: Object.keys(all).length === 0 ? null : all };
}

/** It would be kept and shown as it is. */
function requireOpenEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (isWeb && `${url.username}${url.password}${url.search}${url.hash}` === '') return;
  throw new ServiceError('invalid-request', 'an endpoint is scheme, host and port, as in https://minio.example:9000');
}

/** Says where in the request the fault is. */
function pointing<Result>(at: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError(error.code, error.message, { at, cause: error.cause });
  }
}
