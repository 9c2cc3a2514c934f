import { GiB } from '../base/align.ts';
import { DiskferryError } from '../base/errors.ts';
import { ForwardBytes } from '../image/forward-bytes.ts';
import type { FormatName, ImageFormat, PassPlace, Scan } from '../image/image.ts';
import { SpillFile } from '../image/spill-file.ts';
import type { Level } from './level.ts';
import type { ImageOrigin, OpenedLevel } from './opened.ts';
import { StreamHandle } from './stream-handle.ts';
import { Tap } from './tap.ts';

/** Room for what cannot be placed at once: a pass that needs more is refused rather than filling the disk of the host. */
const SPILL_LIMIT = 4 * GiB;

export interface PassOptions {
  /** Declared format. */
  readonly format?: FormatName | undefined;
  readonly spillLimit?: number;
  readonly signal?: AbortSignal | undefined;
}

/** An image that goes by once: its head is looked at now, the pass begins when the copy does. */
export async function openPassing(
  format: ImageFormat,
  level: Level,
  how: PassOptions,
  why: string,
): Promise<OpenedLevel> {
  if (!format.scan) throw new DiskferryError('image-second-pass', `${format.name} cannot be read in one pass`);
  const origin: ImageOrigin = { way: 'pass', begin: (signal, from) => beginPass(format, level, how, { signal, from }) };
  const preview = await previewPass(format, level, how);
  return {
    facts: preview.facts,
    virtualSize: preview.size,
    reading: `in one pass (${why})${await waiting(format, level, how)}`,
    goesOn: level.goesOn ?? false,
    origin,
    precheck: undefined,
  };
}

/** Begins a scan only to see its head: size, features, and whether it is of the declared format. */
async function previewPass(format: ImageFormat, level: Level, how: PassOptions) {
  const handle = new StreamHandle(await level.open(how.signal));
  await using spill = new SpillFile(how.spillLimit ?? SPILL_LIMIT);
  try {
    const options = { fileSize: level.size, spill, signal: how.signal };
    const scan = await format.scan!(handle.stream, options);
    return { facts: scan.facts, size: scan.size };
  } finally {
    await handle.close();
  }
}

/** Whether the pass will have to set bytes aside, in words, said before it begins. */
async function waiting(format: ImageFormat, level: Level, how: PassOptions): Promise<string> {
  if (!format.forecast) return '';
  const handle = new StreamHandle(await level.open(how.signal));
  try {
    const { spill, atMost, because } = await format.forecast(new ForwardBytes(handle.stream, level.size), how.signal);
    if (spill !== 'likely')
      return `, ${spill === 'none' ? 'without' : 'most likely without'} a temporary file: ${because}`;
    const bound = Math.min(atMost ?? Infinity, how.spillLimit ?? SPILL_LIMIT);
    return `, with up to ${bound} bytes in a temporary file: ${because}`;
  } finally {
    await handle.close();
  }
}

/** The pass itself. Whatever the format leaves unread is read to the end, where the packages keep their checksums. */
async function beginPass(
  format: ImageFormat,
  level: Level,
  how: PassOptions,
  { signal, from }: { readonly signal: AbortSignal | undefined; readonly from: PassPlace | undefined },
): Promise<Scan> {
  const places = level.goesOn ? new Tap(from) : undefined;
  const handle = new StreamHandle(await level.open(signal, places && { tap: places, from }));
  const spill = new SpillFile(how.spillLimit ?? SPILL_LIMIT);
  const close = async () => {
    await handle.close();
    await spill[Symbol.asyncDispose]();
  };
  try {
    const scan = await format.scan!(handle.stream, { fileSize: level.size, spill, signal });
    return {
      size: scan.size,
      facts: scan.facts,
      places,
      pieces: () => drained(scan, handle, close),
      conclude: () => requireDeclared(scan.conclude(), how.format),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* drained(scan: Scan, handle: StreamHandle, close: () => Promise<void>): ReturnType<Scan['pieces']> {
  try {
    yield* scan.pieces();
    await handle.drain();
  } finally {
    await close();
  }
}

/** What a raw stream turned out to be at its end: a fixed VHD may have been declared as one, and not as raw. */
function requireDeclared<End extends ReturnType<Scan['conclude']>>(end: End, declared: FormatName | undefined): End {
  if (!declared || declared === end.facts.format) return end;
  throw new DiskferryError('image-format-mismatch', `declared as ${declared}; it is ${end.facts.format}`);
}
