import { ServiceError, type ServiceErrorCode } from '../../base/errors.ts';

/** What fastify itself refuses, by its codes. https://fastify.dev/docs/latest/Reference/Errors */
const CODES: Readonly<Record<string, ServiceErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unsupported',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed-request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-request',
  FST_ERR_BAD_URL: 'malformed-request',
  FST_ERR_ASYNC_CONSTRAINT: 'malformed-request',
  FST_ERR_NOT_FOUND: 'no-such-address',
  FST_ERR_MAX_PARAM_LENGTH_EXCEEDED: 'no-such-address',
};

const SAID: Partial<Record<ServiceErrorCode, string>> = {
  'request-too-large': 'the body is larger than 1 MiB',
  'media-type-unsupported': 'the content-type is not application/json',
  'malformed-request': 'the body is not JSON, or the address is badly encoded',
  'no-such-address': 'there is nothing at this address',
};

/** Its own words may quote what was sent, so ours are said instead. Undefined: not an error of fastify. */
export function fromFastify(thrown: unknown): ServiceError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code, statusCode } = thrown as { code?: unknown; statusCode?: unknown };
  const known = typeof code === 'string' ? CODES[code] : undefined;
  if (known !== undefined) return new ServiceError(known, SAID[known] ?? known, { cause: thrown });
  // A body that JSON.parse refuses comes as its SyntaxError, with the status put onto it.
  const badInput = thrown instanceof SyntaxError || (typeof code === 'string' && code.startsWith('FST_ERR_'));
  if (!badInput || typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined;
  return new ServiceError('malformed-request', SAID['malformed-request'] ?? '', { cause: thrown });
}
