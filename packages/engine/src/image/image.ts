import type { Bytes, ByteStream, Range } from '../base/bytes.ts';

/**
 * The contract of image formats. An image is a virtual disk inside a file. A format says where each run of the disk is
 * stored; reading, joining neighbours, unpacking clusters is done in one place for all of them (`mapped.ts`).
 *
 *     source ── package ── file ──[format: extents]── image ── target
 *
 * Three answers that must never be mixed: "not mine" is `probe` returning false; "mine, but feature X is not supported"
 * and "mine, but damaged at offset N" are DiskferryErrors from `open` or `extents`.
 */
export type FormatName = 'raw' | 'qcow2' | 'vhd' | 'vmdk' | 'vhdx' | 'vdi';

/** How a cluster is packed: a bare deflate stream, one in a zlib wrapper (RFC 1950), or a zstd frame. */
export type Codec = 'deflate' | 'zlib' | 'zstd';

/** Where the bytes of an extent lie: `file` counts into `Image.files`, `offset` is in that file. */
export type Stored =
  | { readonly form: 'plain'; readonly file: number; readonly offset: number }
  | {
      readonly form: 'packed';
      readonly file: number;
      readonly offset: number;
      /** Bytes to read: the packed unit ends at or before them. */
      readonly length: number;
      readonly codec: Codec;
      /** Size of the unit once unpacked. A unit that gives less or more is damaged. */
      readonly unpacked: number;
      /** Where in the unpacked unit the extent begins. */
      readonly skip: number;
    };

/** A run of the virtual disk. `zero` is written down as zeros, `hole` was never written; both read as zeros. */
export type Extent = Range & ({ readonly kind: 'data'; readonly stored: Stored } | { readonly kind: 'zero' | 'hole' });

/** What a person should know about the image; plain data for `inspect`. */
export interface ImageFacts {
  readonly format: FormatName;
  /** `dynamic`, `streamOptimized`, `v3` …: the format's own word. */
  readonly subformat: string;
  /** Named features in use: `zstd`, `extended-l2`, `internal-snapshots` … */
  readonly features: readonly string[];
  /** Sentences about what is unusual and still safe: a dirty bit, a size rule that was chosen. */
  readonly warnings: readonly string[];
  /** Size of a cluster, block or grain in bytes, where the format has one. */
  readonly clusterSize?: number;
}

export interface Image extends Bytes {
  readonly facts: ImageFacts;
  /** The files that `Stored.file` counts into. They belong to whoever opened them. */
  readonly files: readonly Bytes[];
  /** Lazy, ascending, gapless, clipped to `within`; every stored range was checked against its file's size. */
  extents(within: Range, signal?: AbortSignal): AsyncIterable<Extent>;
}

/** What lies around the file that is opened. No name inside an image is ever opened: names are only looked up here. */
export interface Surroundings {
  /** One of the files that the caller gave, by base name, or undefined. */
  companion(baseName: string): Promise<Bytes | undefined>;
}

/** The first bytes of a file (up to PROBE_SIZE) and the last (up to 1 KiB; empty where the end is out of reach). */
export interface Ends {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  /** Size of the file, undefined in a stream. */
  readonly size: number | undefined;
}

/** How much of the head `probe` gets to see. */
export const PROBE_SIZE = 64 * 1024;

export interface ImageFormat {
  readonly name: FormatName;
  /** Pure and quick: looks for the mark of the format, not for its health. */
  probe(ends: Ends): boolean;
  /**
   * Reads the headers. Bounded memory and time whatever the file says.
   * @throws DiskferryError `image-*`
   */
  open(file: Bytes, around: Surroundings, signal?: AbortSignal): Promise<Image>;
  /**
   * How the image is read where the file passes by only once, or undefined: it cannot be. Most formats call `scanByMap`.
   * The order of the pieces depends on the file alone, never on how it was cut into chunks: a later run counts on it.
   */
  scan?(stream: ByteStream, how: ScanOptions): Promise<Scan>;
  /** What one pass will need, told by the beginning of the file alone; without it nothing has to be set aside. */
  forecast?(beginning: Bytes, signal?: AbortSignal): Promise<OnePassForecast>;
}

export interface OnePassForecast {
  /** Whether bytes will have to wait for tables that come later, in more than memory. `unlikely` is no promise. */
  readonly spill: 'none' | 'unlikely' | 'likely';
  /** The spill never holds more bytes than this; undefined where nothing bounds it but the file. */
  readonly atMost: number | undefined;
  /** The reason, for people. */
  readonly because: string;
}

export interface ScanOptions {
  /** Size of the file that streams by, where the package tells. */
  readonly fileSize: number | undefined;
  /** Keeps what cannot be placed yet. */
  readonly spill: Spill;
  readonly signal?: AbortSignal | undefined;
}

/** A bounded place for pieces whose address on the disk is not known yet. Disposed by whoever made it. */
export interface Spill extends AsyncDisposable {
  /** Keeps a copy and answers where, or undefined when the bound is reached. */
  put(bytes: Uint8Array): Promise<number | undefined>;
  get(at: number, into: Uint8Array): Promise<void>;
}

/** A piece of the virtual disk from one pass. `bytes` is valid until the next piece is asked for. */
export interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Where a pass can go on after a crash: a place in the package, and what was read before it and is still needed. */
export interface PassPlace {
  readonly mark: { readonly packedOffset: number; readonly contentOffset: number; readonly state: Uint8Array };
  /** Headers and tables, at their offsets in the content. Everything else before the mark is on the target. */
  readonly kept: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
}

/** The places of a pass; a package that can only be read from its start has none. */
export interface PassPlaces {
  /** Must be told of each piece when it was taken, before the next one is asked for. */
  taken(piece: Piece): void;
  /**
   * The last place such that every piece before it is among the first `position` bytes of pieces; undefined when there
   * is none that was not given before. `kept` holds only what came since the place before.
   */
  next(position: number): PassPlace | undefined;
}

/** One pass over an image. What no piece covers reads as zeros. */
export interface Scan {
  /** Virtual size, where the head of the file tells it; a raw stream knows it only at its end. */
  readonly size: number | undefined;
  readonly facts: ImageFacts;
  /** Pieces in the order of the file: no byte of the disk twice. Consumed once; closing it closes the stream. */
  pieces(): AsyncIterable<Piece>;
  readonly places?: PassPlaces | undefined;
  /** After the last piece: the size and the facts as they are now known; throws where the end mark was missing. */
  conclude(): { readonly size: number; readonly facts: ImageFacts };
}
