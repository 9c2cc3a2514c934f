import { labelOfUrl } from '@diskferry/engine';
import type { ReplaceLinkInput, SourceInput } from '@diskferry/protocol/schemas';
import { ServiceError } from '../../base/errors.ts';
import type { ImageSource } from '../../migrations/migration.ts';
import type { Secret } from '../../secrets/secret.ts';

/** A source taken apart: what may be shown, and what opens it. */
export interface SplitSource {
  readonly source: ImageSource;
  readonly secret: Secret | null;
}

type GivenLink = Pick<ReplaceLinkInput, 'link' | 'credentials' | 'headers'>;

/** `at` is the JSON pointer of the source in the request. */
export function splitSource(input: SourceInput, at: string): SplitSource {
  const { checksum = null, format = null, member = null, region = null, endpoint = null, pathStyle = false } = input;
  if (endpoint !== null) requireOpenEndpoint(endpoint, `${at}/endpoint`);
  const { link, secret } = splitLink(input, at);
  return { source: { link, credentials: null, checksum, format, member, region, endpoint, pathStyle }, secret };
}

/** What of a link is shown goes on; where that is not all of it, the whole link is a part of the secret. */
export function splitLink(
  { link, credentials, headers }: GivenLink,
  at: string,
): { link: string; secret: Secret | null } {
  const shown = shownLink(link, `${at}/link`);
  const secret: Secret = {
    ...(shown === link ? {} : { link }),
    ...credentials,
    ...(headers == null || Object.keys(headers).length === 0 ? {} : { headers }),
  };
  return { link: shown, secret: Object.keys(secret).length === 0 ? null : secret };
}

function shownLink(link: string, at: string): string {
  if (/^https?:/i.test(link)) {
    if (!URL.canParse(link)) throw invalid('the link cannot be read: a host or its encoding is wrong', at);
    const url = new URL(link);
    const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
    return plain ? link : labelOfUrl(url);
  }
  // No other scheme has a place for these: a message that quotes the bucket would quote them.
  if (/^[a-z0-9+.-]+:\/\/[^/]*@/i.test(link)) {
    throw invalid('keys are not a part of this link: give them as credentials', at);
  }
  return link;
}

function requireOpenEndpoint(endpoint: string, at: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === undefined || !isWeb || url.username !== '' || url.password !== '' || url.search !== '') {
    throw invalid('an endpoint is scheme, host and port, as in https://minio.example:9000', at);
  }
}

function invalid(message: string, at: string): ServiceError {
  return new ServiceError('invalid-request', message, { at });
}
