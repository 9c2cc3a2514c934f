import type { ByteStream } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import { storedLength, type DataExtent } from './fetch-plan.ts';
import { ForwardBytes } from './forward-bytes.ts';
import type { Image, Piece, Scan, ScanOptions } from './image.ts';
import { unpackUnit } from './unpack-unit.ts';

/** An inverted map with more entries than this would outgrow the memory a copy may use. */
const ENTRY_LIMIT = 1_000_000;

/**
 * One pass over a format whose tables lie in front of its data: the map is read first, then the file goes by in its own
 * order and every piece is placed.
 * @param open opens the image on the bytes in front; it must not need the end of the file
 */
export async function scanByMap(
  stream: ByteStream,
  how: ScanOptions,
  open: (file: ForwardBytes) => Promise<Image>,
): Promise<Scan> {
  const file = new ForwardBytes(stream, how.fileSize);
  try {
    const image = await open(file);
    const entries = await inFileOrder(image, how.signal);
    return {
      size: image.size,
      facts: image.facts,
      pieces: () => place(file.rest(), entries),
      conclude: () => ({ size: image.size, facts: image.facts }),
    };
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

async function inFileOrder(image: Image, signal?: AbortSignal): Promise<readonly DataExtent[]> {
  const entries: DataExtent[] = [];
  for await (const extent of image.extents({ offset: 0, length: image.size }, signal)) {
    if (extent.kind !== 'data') continue;
    entries.push(extent);
    if (entries.length > ENTRY_LIMIT) {
      throw new DiskferryError('image-second-pass', `the image is in more than ${ENTRY_LIMIT} pieces`);
    }
  }
  return entries.toSorted((a, b) => a.stored.offset - b.stored.offset);
}

/**
 * Walks the stream and the entries together. A packed unit is gathered first; a plain run is passed on as it comes.
 * The stream is read to its end, so that checksums behind the last piece are verified.
 */
async function* place(stream: ByteStream, entries: readonly DataExtent[]): AsyncIterable<Piece> {
  const cursor = new Cursor(entries);
  let position = 0;
  for await (const chunk of stream) {
    yield* cursor.take(chunk, position);
    position += chunk.length;
  }
  cursor.finish(position);
}

class Cursor {
  readonly #entries: readonly DataExtent[];
  #index = 0;
  /** Stored bytes of the current entry that have gone by. */
  #done = 0;
  #unit: Uint8Array | undefined;

  constructor(entries: readonly DataExtent[]) {
    this.#entries = entries;
  }

  *take(chunk: Uint8Array, position: number): Iterable<Piece> {
    let at = 0;
    for (;;) {
      const entry = this.#entries[this.#index];
      if (!entry) return;
      const wanted = entry.stored.offset + this.#done;
      if (wanted < position + at) throw overlapping(entry);
      at = wanted - position;
      if (at >= chunk.length) return;
      const bytes = chunk.subarray(at, Math.min(chunk.length, at + storedLength(entry) - this.#done));
      const piece = this.#advance(entry, bytes);
      if (piece) yield piece;
      at += bytes.length;
    }
  }

  finish(position: number): void {
    const entry = this.#entries[this.#index];
    if (!entry) return;
    const end = entry.stored.offset + storedLength(entry);
    throw new DiskferryError('image-truncated', `the image ends at ${position}, its data reaches ${end}`, {
      offset: position,
    });
  }

  #advance(entry: DataExtent, bytes: Uint8Array): Piece | undefined {
    const before = this.#done;
    this.#done += bytes.length;
    const complete = this.#done === storedLength(entry);
    if (complete) {
      this.#index += 1;
      this.#done = 0;
    }
    if (entry.stored.form === 'plain') return { offset: entry.offset + before, bytes };
    this.#unit ??= new Uint8Array(entry.stored.length);
    this.#unit.set(bytes, before);
    if (!complete) return undefined;
    const { codec, unpacked, skip, offset } = entry.stored;
    const unit = unpackUnit(codec, this.#unit, unpacked, offset);
    this.#unit = undefined;
    return { offset: entry.offset, bytes: unit.subarray(skip, skip + entry.length) };
  }
}

function overlapping(entry: DataExtent): DiskferryError {
  const message = `two runs of the disk are stored in the same place, at ${entry.stored.offset} of the file`;
  return new DiskferryError('image-damaged', message, { offset: entry.stored.offset });
}
