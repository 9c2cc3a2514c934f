import { DiskferryError, type ErrorCode, systemCode } from '../../base/errors.ts';

/** What the system says, as a code of the catalogue; what is not listed is a failure of the verb. */
const BY_ERRNO: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'target-not-found',
  ENOTDIR: 'target-not-found',
  ELOOP: 'target-not-found',
  ENAMETOOLONG: 'target-not-found',
  ENXIO: 'target-not-found',
  ENODEV: 'target-not-found',
  ENOMEDIUM: 'target-not-found',
  EROFS: 'target-not-writable',
  EACCES: 'target-not-writable',
  EPERM: 'target-not-writable',
  EBUSY: 'target-in-use',
  ETXTBSY: 'target-in-use',
  ENOSPC: 'target-full',
  EDQUOT: 'target-full',
  EFBIG: 'target-too-small',
  EISDIR: 'target-unsupported',
};

export type LocalVerb = 'open' | 'write' | 'zero' | 'flush' | 'read';

/** A system error as the error of the target; anything else as it is. */
export function asLocalError(
  thrown: unknown,
  asked: { readonly label: string; readonly verb: LocalVerb; readonly offset?: number },
): unknown {
  const errno = systemCode(thrown);
  if (errno === undefined || thrown instanceof DiskferryError || !/^E[A-Z0-9]+$/.test(errno)) return thrown;
  const place = asked.offset === undefined ? '' : ` at ${asked.offset}`;
  const fallback = asked.verb === 'read' ? 'target-read' : 'target-write';
  return new DiskferryError(BY_ERRNO[errno] ?? fallback, `${asked.label}: ${asked.verb}${place} failed with ${errno}`, {
    cause: thrown,
    offset: asked.offset,
  });
}
