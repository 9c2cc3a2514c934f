import { DiskferryError, type ErrorCode } from '../../base/errors.ts';
import { NBD_ERRNO } from './protocol.ts';

/** The server did a request no good and said so; the connection goes on. */
export class ServerRefusal extends Error {
  /** `EIO`, `ENOSPC` … by the table of the protocol. */
  readonly code: string;

  constructor(errno: number) {
    const code = NBD_ERRNO[errno] ?? `errno ${errno}`;
    super(`the server answers ${code}`);
    this.code = code;
  }
}

/** The peer said what the protocol forbids: nothing that follows on this connection can be trusted. */
export function protocolFault(label: string, found: string): DiskferryError {
  return new DiskferryError('target-unreachable', `${label} breaks the NBD protocol: ${found}`, {
    retry: 'later',
    hint: 'Check that an NBD server listens there, and look at its log; then run the same command: it goes on.',
  });
}

export function connectionLost(label: string, why: string, cause?: unknown): DiskferryError {
  return new DiskferryError('target-unreachable', `${label}: ${why}`, { cause });
}

/** A refusal as the error of the target; anything else as it is. */
export function asTargetError(
  thrown: unknown,
  asked: { readonly label: string; readonly verb: 'write' | 'zero' | 'flush' | 'read'; readonly offset: number },
): unknown {
  if (!(thrown instanceof ServerRefusal)) return thrown;
  const { label, verb, offset } = asked;
  const message = `${label}: ${verb} at ${offset}: ${thrown.message}`;
  return new DiskferryError(codeFor(thrown.code, verb), message, { cause: thrown, offset });
}

function codeFor(errno: string, verb: string): ErrorCode {
  if (errno === 'ESHUTDOWN') return 'target-unreachable';
  if (verb === 'read') return 'target-read';
  if (errno === 'ENOSPC') return 'target-full';
  return errno === 'EPERM' ? 'target-not-writable' : 'target-write';
}
