import { readBytes, type Bytes, type ByteStream } from '../base/bytes.ts';
import { PROBE_SIZE, type Ends, type PassPlace } from '../image/image.ts';
import type { Boundaries } from '../unpack/package.ts';
import { StreamHandle } from './stream-handle.ts';
import type { Tap } from './tap.ts';

/** Whether a copy goes on where it stood: anywhere, at boundaries of which the file may have none inside, or not at all. */
export type GoesOn = boolean | Boundaries;

/** One layer of what is being peeled: the object itself, a member of an archive, the content of a compression. */
export interface Level {
  /** Base name as far as it is known: for messages and for telling members apart. Never opened. */
  readonly name: string;
  /** Read at any offset; undefined where the layer only goes by. */
  readonly bytes: Bytes | undefined;
  readonly size: number | undefined;
  /**
   * The layer from its first byte, checked as far as its wrapping has checksums.
   * @param going lets a pass be taken up in the middle; only where `goesOn`
   */
  open(signal?: AbortSignal, going?: Going): Promise<ByteStream>;
  /** The layer from an offset, where it can be read so and no digest of all of it is to be checked. */
  openAt?: ((offset: number, signal?: AbortSignal) => Promise<ByteStream>) | undefined;
  /** Whether a pass over this layer can go on from the middle of its package. */
  readonly goesOn?: GoesOn | undefined;
  /** Size of the disk that an appliance promises here. */
  readonly promised?: number | undefined;
  /** A digest of this layer is to be checked: it has to be read in order, to its end. */
  readonly inOrder: boolean;
}

/** A pass that notes places to go on from, and perhaps begins at one. */
export interface Going {
  readonly tap: Tap;
  readonly from: PassPlace | undefined;
}

const TAIL_SIZE = 1024;

/** The first bytes of the layer, and the last where they are in reach. */
export async function endsOf(level: Level, signal?: AbortSignal): Promise<Ends> {
  const { bytes } = level;
  if (!bytes) return { head: await headOf(level, signal), tail: new Uint8Array(0), size: level.size };
  const head = await readBytes(bytes, { offset: 0, length: Math.min(bytes.size, PROBE_SIZE) }, signal);
  const length = Math.min(bytes.size, TAIL_SIZE);
  const tail = await readBytes(bytes, { offset: bytes.size - length, length }, signal);
  return { head, tail, size: bytes.size };
}

async function headOf(level: Level, signal?: AbortSignal): Promise<Uint8Array> {
  const handle = new StreamHandle(await level.open(signal));
  try {
    return await handle.head(PROBE_SIZE);
  } finally {
    await handle.close();
  }
}

/** From its first byte to its last, where the digest of all of it is compared. */
export async function readThrough(level: Level, signal?: AbortSignal): Promise<void> {
  const handle = new StreamHandle(await level.open(signal));
  try {
    await handle.drain();
  } finally {
    await handle.close();
  }
}
