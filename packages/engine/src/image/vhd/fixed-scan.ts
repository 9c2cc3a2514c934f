import { alignUp, isAligned, MiB, SECTOR } from '../../base/align.ts';
import type { ByteStream } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { ImageFacts, Piece, Scan, ScanOptions } from '../image.ts';
import { factsOf } from './facts.ts';
import { checkFixedSize } from './fixed.ts';
import { FOOTER_SIZE, footerLength, hasCookie, parseFooter } from './footer.ts';
import { diskSize, type SizeRule } from './size-rule.ts';

/**
 * One pass over a file that is the disk as it is, with or without a VHD footer behind it. Only the end tells which: the
 * last 512 bytes are held back until then. A footer is not part of the disk.
 */
export interface FixedScanOptions {
  readonly rule: SizeRule;
  /** `required`: the file was declared to be a VHD. `possible`: it counts as raw unless a footer turns up. */
  readonly footer: 'required' | 'possible';
}

interface Conclusion {
  readonly size: number;
  readonly facts: ImageFacts;
}

export function scanFixed(stream: ByteStream, how: ScanOptions, options: FixedScanOptions): Scan {
  const end = new End(options);
  return {
    size: sizeBeforehand(how.fileSize, options),
    facts: options.footer === 'required' ? factsWithout('vhd', []) : factsWithout('raw', []),
    pieces: () => pass(stream, end, how.signal),
    conclude: () => end.conclusion(),
  };
}

/**
 * Unknown where the file may well be a fixed VHD: whole MiB and a footer. A raw file of another size has the size that
 * it is said to have; should a footer turn up all the same, `conclude` says 512 bytes less.
 */
function sizeBeforehand(fileSize: number | undefined, { footer }: FixedScanOptions): number | undefined {
  if (fileSize === undefined) return undefined;
  if (footer === 'required') return Math.max(0, fileSize - footerLength(fileSize));
  const likely = fileSize > FOOTER_SIZE && isAligned(fileSize - FOOTER_SIZE, MiB);
  return likely ? undefined : alignUp(fileSize, SECTOR);
}

async function* pass(stream: ByteStream, end: End, signal?: AbortSignal): AsyncIterable<Piece> {
  let offset = 0;
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    for (const bytes of end.take(chunk)) {
      yield { offset, bytes };
      offset += bytes.length;
    }
  }
  for (const bytes of end.finish(offset)) yield { offset, bytes };
}

/** What is held back of the stream, and what it turned out to be. */
class End {
  readonly #options: FixedScanOptions;
  #held: Uint8Array = new Uint8Array(0);
  #conclusion: Conclusion | undefined;

  constructor(options: FixedScanOptions) {
    this.#options = options;
  }

  /** Gives on what is certainly not the end. */
  *take(chunk: Uint8Array): Iterable<Uint8Array> {
    const over = this.#held.length + chunk.length - FOOTER_SIZE;
    const fromHeld = Math.min(Math.max(over, 0), this.#held.length);
    const fromChunk = Math.max(over, 0) - fromHeld;
    const kept = Buffer.concat([this.#held.subarray(fromHeld), chunk.subarray(fromChunk)]);
    if (fromHeld > 0) yield this.#held.subarray(0, fromHeld);
    if (fromChunk > 0) yield chunk.subarray(0, fromChunk);
    this.#held = kept;
  }

  /** Gives on what was held, unless it is a footer. @param given bytes that were given on */
  finish(given: number): Uint8Array[] {
    const fileSize = given + this.#held.length;
    const footerAt = this.#held.length - footerLength(fileSize);
    const footer = this.#held.subarray(Math.max(0, footerAt));
    if (footerAt >= 0 && hasCookie(footer)) {
      this.#conclusion = this.#withFooter(footer, given + footerAt);
      return footerAt > 0 ? [this.#held.subarray(0, footerAt)] : [];
    }
    if (this.#options.footer === 'required') throw noFooter(fileSize);
    const warnings = fileSize % SECTOR === 0 ? [] : [paddingWarning(fileSize)];
    this.#conclusion = { size: alignUp(fileSize, SECTOR), facts: factsWithout('raw', warnings) };
    return this.#held.length > 0 ? [this.#held] : [];
  }

  #withFooter(bytes: Uint8Array, at: number): Conclusion {
    const padded = new Uint8Array(FOOTER_SIZE);
    padded.set(bytes);
    const footer = parseFooter(padded, at);
    if (footer.kind !== 'fixed') {
      const message = 'the file ends with the footer of a dynamic VHD, and does not begin with one';
      throw new DiskferryError('image-damaged', message, { offset: at });
    }
    const { size, warning } = diskSize(footer, this.#options.rule);
    checkFixedSize(size, at);
    if (size < at) throw passedTheEnd(size, at);
    return { size, facts: factsOf({ footer, dataEnd: at, warnings: [] }, [warning]) };
  }

  conclusion(): Conclusion {
    if (!this.#conclusion) throw new DiskferryError('internal', 'the pass has not come to its end');
    return this.#conclusion;
  }
}

export function paddingWarning(fileSize: number): string {
  return `the file has ${fileSize} bytes, no whole sectors: the disk is filled up with zeros to ${alignUp(fileSize, SECTOR)}`;
}

function factsWithout(format: 'raw' | 'vhd', warnings: readonly string[]): ImageFacts {
  return { format, subformat: format === 'raw' ? 'raw' : 'fixed', features: [], warnings };
}

function noFooter(fileSize: number): DiskferryError {
  const message = `no VHD footer at the end of the ${fileSize} bytes, and no copy of one in front`;
  return new DiskferryError('image-truncated', message, { offset: fileSize });
}

/** What lies between the disk and its footer was given on before the footer could tell. */
function passedTheEnd(size: number, at: number): DiskferryError {
  const message = `the VHD footer at ${at} says that the disk ends at ${size}: one pass cannot tell beforehand`;
  return new DiskferryError('image-second-pass', message, { offset: at });
}
