/**
 * Words of the NBD protocol (doc/proto.md of the NBD project, fixed newstyle). Everything on the wire is big-endian.
 */
export const MAGIC = {
  server: 0x4e42444d41474943n, // "NBDMAGIC"
  options: 0x49484156454f5054n, // "IHAVEOPT"
  oldstyle: 0x00420281861253n,
  optionReply: 0x0003e889045565a9n,
  request: 0x25609513,
  simpleReply: 0x67446698,
  structuredReply: 0x668e33ef,
} as const;

/** Both sides use the same bits for these two. */
export const HANDSHAKE = { fixedNewstyle: 1, noZeroes: 2 } as const;

export const OPTION = { exportName: 1, go: 7, structuredReply: 8, setMetaContext: 10 } as const;

const REFUSED = 2 ** 31;
export const REPLY = {
  ack: 1,
  info: 3,
  metaContext: 4,
  unsupported: REFUSED + 1,
  policy: REFUSED + 2,
  tlsRequired: REFUSED + 5,
  unknownExport: REFUSED + 6,
} as const;

export function isRefusal(replyType: number): boolean {
  return replyType >= REFUSED;
}

export const INFO = { export: 0, blockSize: 3 } as const;

export const EXPORT_FLAG = {
  hasFlags: 1 << 0,
  readOnly: 1 << 1,
  sendFlush: 1 << 2,
  sendFua: 1 << 3,
  sendWriteZeroes: 1 << 6,
  canMultiConn: 1 << 8,
  sendFastZero: 1 << 11,
} as const;

export const COMMAND = { read: 0, write: 1, disconnect: 2, flush: 3, writeZeroes: 6, blockStatus: 7 } as const;
export type Command = (typeof COMMAND)[keyof typeof COMMAND];

export const COMMAND_FLAG = { fua: 1 << 0, noHole: 1 << 1, reqOne: 1 << 3, fastZero: 1 << 4 } as const;

export const CHUNK = { none: 0, offsetData: 1, offsetHole: 2, blockStatus: 5, error: 2 ** 15 } as const;
export const CHUNK_DONE = 1;

/** base:allocation: the extent reads as zeros. (A hole without this flag has no defined content.) */
export const STATE_ZERO = 1 << 1;

/** The errno values that the protocol defines; a server maps its own to these. */
export const NBD_ERRNO: Readonly<Record<number, string>> = {
  1: 'EPERM',
  5: 'EIO',
  12: 'ENOMEM',
  22: 'EINVAL',
  28: 'ENOSPC',
  75: 'EOVERFLOW',
  95: 'ENOTSUP',
  108: 'ESHUTDOWN',
};
