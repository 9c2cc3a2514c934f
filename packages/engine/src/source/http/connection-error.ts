import { DiskferryError, systemCode } from '../../base/errors.ts';

const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/** What went wrong below HTTP, in words of the catalogue. `inBody`: the head of the answer had been good. */
export function connectionError(error: unknown, host: string, inBody: boolean): DiskferryError {
  if (error instanceof DiskferryError) return error;
  const code = systemCode(error) ?? '';
  const detail = { cause: error };
  if (TLS_CODES.test(code) || code === 'EPROTO') {
    return new DiskferryError('source-tls', `the TLS connection to ${host} cannot be trusted: ${code}`, detail);
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return new DiskferryError('source-timeout', `${host} did not take the connection in time`, detail);
  }
  if (code === 'ENOTFOUND') {
    return new DiskferryError('source-unreachable', `the name ${host} cannot be resolved`, {
      ...detail,
      retry: 'later',
    });
  }
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
    return new DiskferryError('internal', `the source at ${host} was disposed while it was read`, detail);
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new DiskferryError('usage', `a request to ${host} cannot be made: a header is not proper`, detail);
  }
  return protocolError(error, host, inBody) ?? broken(error, host);
}

/** The cause of a parser's error is left out: it holds the bytes that were received. */
function protocolError(error: unknown, host: string, inBody: boolean): DiskferryError | undefined {
  const code = systemCode(error) ?? '';
  const isParser = error instanceof Error && error.name === 'HTTPParserError';
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') {
    return new DiskferryError('source-answer', `${host} sends a head of more than 64 KiB`);
  }
  // A body that ends early in its framing is a broken connection; undici has a name of its own for it.
  const isShort = code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' || code === 'HPE_INVALID_EOF_STATE';
  if (isShort && inBody) return new DiskferryError('source-unreachable', `${host} ended in the middle of the body`);
  if (!isParser && !isShort) return undefined;
  const said = `${host} does not speak proper HTTP/1.1${code === '' ? '' : ` (${code})`}`;
  return new DiskferryError('source-answer', said, { retry: 'now' });
}

function broken(error: unknown, host: string): DiskferryError {
  const said = systemCode(error) ?? (error instanceof Error ? error.message.slice(0, 200) : String(error));
  return new DiskferryError('source-unreachable', `the connection to ${host} broke: ${said}`, { cause: error });
}
