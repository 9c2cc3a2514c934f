import { DiskferryError, systemCode } from '../../base/errors.ts';
import { ProtocolError } from './wire/protocol-error.ts';

const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/** What went wrong below HTTP, in words of the catalogue. */
export function connectionError(error: unknown, host: string): DiskferryError {
  if (error instanceof DiskferryError) return error;
  const code = systemCode(error) ?? '';
  const detail = { cause: error };
  if (TLS_CODES.test(code) || code === 'EPROTO') {
    return new DiskferryError('source-tls', `the TLS connection to ${host} cannot be trusted: ${code}`, detail);
  }
  if (code === 'ETIMEDOUT') {
    return new DiskferryError('source-timeout', `${host} did not take the connection in time`, detail);
  }
  if (code === 'ENOTFOUND') {
    return new DiskferryError('source-unreachable', `the name ${host} cannot be resolved`, {
      ...detail,
      retry: 'later',
    });
  }
  const said = code === '' ? (error instanceof Error ? error.message.slice(0, 200) : String(error)) : code;
  return new DiskferryError('source-unreachable', `the connection to ${host} broke: ${said}`, detail);
}

/** What went wrong in HTTP itself, in words of the catalogue; anything else (an abort, too) stays what it is. */
export function answerFault(thrown: unknown, host: string): unknown {
  if (!(thrown instanceof ProtocolError)) return thrown;
  const said = `${host} does not speak proper HTTP/1.1: ${thrown.message}`;
  return new DiskferryError('source-answer', said, { retry: thrown.retry });
}
