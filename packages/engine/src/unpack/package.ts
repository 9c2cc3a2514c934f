import type { Bytes, ByteStream } from '../base/bytes.ts';

/** The contracts of packages: what is wrapped around an image. A compression has one content, an archive has members. */
export type CompressionName = 'gzip' | 'xz' | 'zstd' | 'bzip2';
export type ArchiveName = 'tar' | 'zip';
export type PackageName = CompressionName | ArchiveName;

export interface UnpackOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Where the only marks are: a file may have many of them inside, or none. */
export type Boundaries = 'frames' | 'blocks';

/** A place inside a compression from which a decoder can go on: plain data that survives the process. */
export interface Mark {
  /** Bytes of the packed stream that are not needed again. */
  readonly packedOffset: number;
  /** Bytes of the content that stand before the place. */
  readonly contentOffset: number;
  /** The decoder's own; checked when it is used, for it comes from a file. */
  readonly state: Uint8Array;
}

/** A content that can say, between two of its chunks, how to go on from there. */
export interface MarkedStream extends ByteStream {
  /**
   * The place behind the last chunk that was given; undefined where there is none just now.
   * @param from a place before this one of the packed stream is not wanted: one with a window takes 100 KiB to make
   */
  mark(from?: number): Mark | undefined;
}

export interface Compression {
  readonly kind: 'compression';
  readonly name: CompressionName;
  probe(head: Uint8Array): boolean;
  /**
   * The content, checked: every checksum and the end mark are verified before the last chunk is followed by the end of
   * the stream. Bounded memory (windows and dictionaries up to 128 MiB); back-pressure; closing it closes the input.
   * @throws DiskferryError `package-damaged`, `package-truncated`, `package-unsupported`, `package-limit`
   */
  decode(packed: ByteStream, options?: UnpackOptions): ByteStream;
  /**
   * As `decode`, and able to give marks and to go on from one. Optional: not every decoder can.
   * @param packed opens the packed stream at an offset
   * @throws DiskferryError `checkpoint-damaged`, here or when the content is read, for a mark that cannot be right
   */
  decodeFrom?(
    packed: (offset: number) => Promise<ByteStream>,
    from: Mark | undefined,
    options?: UnpackOptions,
  ): MarkedStream;
  /** Marks are given at these only; absent where a decoder gives them between any two chunks. */
  readonly boundaries?: Boundaries;
  /** Size of the content where the format tells it for certain by ranged reads, otherwise undefined. */
  contentSize?(packed: Bytes, signal?: AbortSignal): Promise<number | undefined>;
}

/** A regular file in an archive. */
export interface Member {
  /** The name as it stands in the archive; only ever compared and shown, never opened. */
  readonly name: string;
  /** Bytes of the member as its reader sees them (holes of a sparse member included). */
  readonly size: number;
}

/** A member found by ranged reads. */
export interface RangedMember extends Member {
  /** The member read in place, where it is stored as it is (or sparse): undefined where it is compressed. */
  readonly bytes?: Bytes;
  /** The member's content from the start, decoded and checked. */
  stream(signal?: AbortSignal): Promise<ByteStream>;
  /** As `stream`, and able to give marks and to go on from one: where the member's compression can (`decodeFrom`). */
  streamFrom?(from: Mark | undefined, options?: UnpackOptions): MarkedStream;
  /** As in `Compression`. */
  readonly boundaries?: Boundaries | undefined;
}

/** A member that passes by. */
export interface PassingMember extends Member {
  /** Consumed at most once, before the next member is asked for; what is left is skipped. */
  readonly content: ByteStream;
}

export interface Archive {
  readonly kind: 'archive';
  readonly name: ArchiveName;
  probe(head: Uint8Array): boolean;
  /** All members by ranged reads; at most MEMBER_LIMIT. Links, devices and directories are left out. */
  list(file: Bytes, signal?: AbortSignal): Promise<readonly RangedMember[]>;
  /**
   * The members one after another from a stream. The archive's end is checked when the iteration ends by itself.
   * Undefined for a kind whose directory stands at its end (zip): it needs ranged reads.
   */
  pass?(stream: ByteStream, options?: UnpackOptions): AsyncIterable<PassingMember>;
}

/** An archive of more members than this is refused (`package-limit`). */
export const MEMBER_LIMIT = 4096;
