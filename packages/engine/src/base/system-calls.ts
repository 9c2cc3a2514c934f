import { createRequire } from 'node:module';
import { constants } from 'node:os';

/**
 * The few system calls that Node does not offer, from the C library of Linux. Where they cannot be had (another system,
 * musl, no native module for the processor) every function says so by its result and its caller takes the plain way.
 * Descriptors are those of `FileHandle.fd`; the caller keeps the handle open until the call has settled.
 */

/** Flags of fallocate(2). */
export const FALLOC_FL_KEEP_SIZE = 0x01;
export const FALLOC_FL_PUNCH_HOLE = 0x02;
export const FALLOC_FL_ZERO_RANGE = 0x10;

const SEEK_DATA = 3;
const SEEK_HOLE = 4;
const POSIX_FADV_DONTNEED = 4;
const LOCK_EX_NB = 2 | 4;

type Native = (...args: number[]) => number | bigint;
interface Calls {
  readonly lseek: Native;
  readonly fallocate: { async(...args: [...number[], (error: unknown, result: number) => void]): void };
  readonly fadvise: Native;
  readonly flock: Native;
  /** The errno of the call that has just ended: to be asked before anything else runs. */
  errno(): number;
}

let loaded: Calls | 'unavailable' | undefined;

function calls(): Calls | undefined {
  loaded ??= load();
  return loaded === 'unavailable' ? undefined : loaded;
}

function load(): Calls | 'unavailable' {
  if (process.platform !== 'linux') return 'unavailable';
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const libc = koffi.load('libc.so.6');
    return {
      lseek: libc.func('int64_t lseek64(int fd, int64_t offset, int whence)') as unknown as Native,
      fallocate: libc.func('int fallocate64(int fd, int mode, int64_t offset, int64_t length)') as never,
      fadvise: libc.func('int posix_fadvise64(int fd, int64_t offset, int64_t length, int advice)') as never,
      flock: libc.func('int flock(int fd, int operation)') as unknown as Native,
      errno: () => koffi.errno(),
    };
  } catch {
    return 'unavailable';
  }
}

/** Whether the calls of this file can be made at all. */
export function hasSystemCalls(): boolean {
  return calls() !== undefined;
}

/**
 * The first offset at or after `offset` that holds data, or `end` where nothing but a hole follows. Undefined: cannot be
 * known here, take everything as data.
 * @throws an Error with a `code` as Node's own (EIO, EBADF …)
 */
export function seekData(fd: number, offset: number): number | 'end' | undefined {
  return seek(fd, offset, SEEK_DATA);
}

/** The first offset at or after `offset` that lies in a hole; the end of the file counts as one. Otherwise as `seekData`. */
export function seekHole(fd: number, offset: number): number | 'end' | undefined {
  return seek(fd, offset, SEEK_HOLE);
}

function seek(fd: number, offset: number, whence: number): number | 'end' | undefined {
  const native = calls();
  if (native === undefined) return undefined;
  const found = Number(native.lseek(fd, offset, whence));
  if (found >= 0) return found;
  const errno = native.errno();
  if (errno === constants.errno.ENXIO) return 'end';
  // EINVAL: the file system does not know these whences (old NFS, some FUSE); ESPIPE: a pipe or a terminal.
  if (errno === constants.errno.EINVAL || errno === constants.errno.ESPIPE) return undefined;
  throw systemError('lseek', errno);
}

/**
 * fallocate(2) beside the event loop: zeroing a large range of a disk takes seconds. Interrupted calls are repeated.
 * @returns false where neither the system nor the file system or device can do it in this mode: nothing has happened
 * @throws an Error with a `code` as Node's own (ENOSPC, EIO …)
 */
export async function fallocate(fd: number, mode: number, offset: number, length: number): Promise<boolean> {
  const native = calls();
  if (native === undefined) return false;
  const { EINTR, EOPNOTSUPP, ENOSYS, ENODEV, EINVAL } = constants.errno;
  for (;;) {
    const errno = await fallocateOnce(native, [fd, mode, offset, length]);
    if (errno === 0) return true;
    // EINVAL is what a block device answers to a range that is not aligned to its blocks.
    if ([EOPNOTSUPP, ENOSYS, ENODEV, EINVAL].includes(errno)) return false;
    if (errno !== EINTR) throw systemError('fallocate', errno);
  }
}

/** Gives the space of the range back; it reads as zeros, and the file stays as long as it is. @returns as `fallocate` */
export function punchHole(fd: number, offset: number, length: number): Promise<boolean> {
  return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
}

function fallocateOnce(native: Calls, args: number[]): Promise<number> {
  return new Promise((resolve, reject) => {
    native.fallocate.async(...args, (error, result) => {
      if (error) reject(error);
      else resolve(result === 0 ? 0 : native.errno());
    });
  });
}

/**
 * Asks the kernel to drop clean cached pages of the range, so that the next read comes from the medium. Best effort.
 * @returns whether the kernel took the advice
 */
export function adviseDontNeed(fd: number, offset: number, length: number): boolean {
  const native = calls();
  return native !== undefined && Number(native.fadvise(fd, offset, length, POSIX_FADV_DONTNEED)) === 0;
}

/**
 * Takes the advisory lock of the open file (flock(2)); it ends with the descriptor, also when the process is killed.
 * @returns false where another open file holds it; undefined where the file system has no locks
 * @throws an Error with a `code` as Node's own
 */
export function lockExclusive(fd: number): boolean | undefined {
  const native = calls();
  if (native === undefined) return undefined;
  if (Number(native.flock(fd, LOCK_EX_NB)) === 0) return true;
  const errno = native.errno();
  const { EWOULDBLOCK, EOPNOTSUPP, ENOSYS, ENOLCK, EINVAL } = constants.errno;
  if (errno === EWOULDBLOCK) return false;
  if ([EOPNOTSUPP, ENOSYS, ENOLCK, EINVAL].includes(errno)) return undefined;
  throw systemError('flock', errno);
}

function systemError(call: string, errno: number): Error {
  const code = Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? `ERRNO_${errno}`;
  return Object.assign(new Error(`${code}: ${call} failed`), { code, errno: -errno, syscall: call });
}
