import type { Bytes, ByteStream, Range } from '../base/bytes.ts';

/**
 * The contract of sources: where the bytes of an image or a package lie.
 * Retry, throttle and counting are wrappers of the same type.
 */
export interface Identity {
  /** Bytes of the object or file; undefined where the server does not tell. */
  readonly size: number | undefined;
  /** A strong validator; a weak ETag is left out. */
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  /** Version id of an object store. */
  readonly version?: string | undefined;
}

export interface Identified extends Identity {
  /** Whether ranges are served. */
  readonly ranged: boolean;
  /** Digests of the whole object that the store tells: `crc64ecma` in decimal (COS), `md5` in hex. */
  readonly digests?: Readonly<Record<string, string>>;
}

export interface Ask {
  /** Undefined: everything from the start. Clipped by nobody: a range behind the end is `source-answer`. */
  readonly range?: Range;
  /** The object must still be this one: If-Match, or compared with what the answer says. */
  readonly expect: Identity;
  readonly signal?: AbortSignal | undefined;
}

export interface Source extends AsyncDisposable {
  /** For people, logs and errors: credentials and signatures removed. */
  readonly label: string;
  /** Base name of the file or object: companions are matched by it. */
  readonly name: string;
  /** Region of the bucket, where there is one. */
  readonly region?: string | undefined;
  /**
   * Asks once what lies there. Never HEAD: a link signed for GET refuses it; `bytes=0-0` tells as much.
   * @throws DiskferryError `source-*`
   */
  identify(signal?: AbortSignal): Promise<Identified>;
  /**
   * Exactly the bytes that were asked for, in chunks, or an error: never fewer, never more. Ending the iteration early
   * closes the connection.
   * @throws DiskferryError `source-*`; `source-changed` when the object is another one than `expect`
   */
  stream(ask: Ask): Promise<ByteStream>;
  /** Direct access, where the source has something better than ranges by `stream` (a local file). */
  bytes?(expect: Identity): Promise<Bytes>;
}
