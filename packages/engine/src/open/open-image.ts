import type { Bytes, Range } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import type { FormatName, Surroundings } from '../image/image.ts';
import type { SizeRule } from '../image/vhd/size-rule.ts';
import { vhd, vhdWith } from '../image/vhd/vhd.ts';
import { openBytes } from '../source/ranged-bytes.ts';
import type { Identified, Source } from '../source/source.ts';
import { detectFormat } from './detect.ts';
import { endsOf, readThrough, type Level } from './level.ts';
import { openLevel } from './open-level.ts';
import type { Layer, Opened, OpenedLevel } from './opened.ts';
import { peel } from './peel.ts';

export interface OpenOptions {
  /** Declared format: an error where another one is found. */
  readonly format?: FormatName | undefined;
  /** Which member of an archive. */
  readonly member?: string | undefined;
  /** The source checks a digest of the whole object: it has to be read in order and to its end at least once. */
  readonly inOrder?: boolean;
  /** Where the size of a VHD is taken from; default `footer`. See `image/vhd/size-rule.ts`. */
  readonly vhdSize?: SizeRule | undefined;
  /** Other files of the same image, by base name. */
  readonly companions?: readonly Source[];
  /** Bytes that a one-pass copy may put into a temporary file. */
  readonly spillLimit?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds out what lies at a source: peels package after package until an image appears, and opens it. Reads headers and
 * tables only; nothing of the disk.
 * @throws DiskferryError `source-*`, `package-*`, `image-*`
 */
export async function openImage(source: Source, how: OpenOptions = {}): Promise<Opened> {
  const files = new AsyncDisposableStack();
  try {
    const identity = await source.identify(how.signal);
    const outer = await outerLevel(source, identity, how, files);
    const around = companionsOf(how.companions ?? [], files);
    const peeled = await peel(outer, { member: how.member, format: how.format, around, signal: how.signal });
    const ends = await endsOf(peeled.level, how.signal);
    const { format, warnings } = detectFormat(ends, how.format, peeled.level.name);
    const chosen = format === vhd && how.vhdSize ? vhdWith({ size: how.vhdSize }) : format;
    const image = afterReading(peeled.readFirst, await openLevel(chosen, peeled.level, peeled.around, how));
    requirePromised(peeled.level, image.virtualSize);
    return { ...described(source, identity, peeled.layers, image, warnings), ...closing(files) };
  } catch (error) {
    await files[Symbol.asyncDispose]();
    throw error;
  }
}

/** Nothing of an archive is believed before the digest of all of it was compared. */
function afterReading(levels: readonly Level[] = [], image: OpenedLevel): OpenedLevel {
  if (levels.length === 0) return image;
  const precheck = async (signal?: AbortSignal) => {
    for (const level of levels) await readThrough(level, signal);
    await image.precheck?.(signal);
  };
  return { ...image, precheck, reading: `${image.reading}, after one reading of the archive that checks its digest` };
}

/** Exporters round the capacity of a disk; one that is not half of it is another disk, or a part of this one. */
function requirePromised({ name, promised }: Level, virtualSize: number | undefined): void {
  if (promised === undefined || virtualSize === undefined || virtualSize * 2 >= promised) return;
  const message = `${name} is a disk of ${virtualSize} bytes; the OVF descriptor promises ${promised}`;
  throw new DiskferryError('package-descriptor', message);
}

function closing(files: AsyncDisposableStack): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => files[Symbol.asyncDispose]() };
}

function described(
  source: Source,
  identity: Identified,
  packages: readonly Layer[],
  image: OpenedLevel,
  warnings: readonly string[],
): Omit<Opened, keyof AsyncDisposable> {
  const { facts, virtualSize: size } = image;
  const layer: Layer = { kind: 'image', name: facts.format, subformat: facts.subformat };
  const layers = [...packages, size === undefined ? layer : { ...layer, size }];
  const { name } = source;
  return {
    identity,
    fileSize: identity.size,
    layers,
    ...image,
    warnings: [...warnings, ...facts.warnings],
    binding: {
      source: JSON.stringify([name, identity.size, identity.etag, identity.lastModified, identity.version]),
      image: JSON.stringify([layers.map(({ name: kind, member }) => [kind, member]), size, image.origin.way]),
    },
  };
}

async function outerLevel(
  source: Source,
  identity: Identified,
  how: OpenOptions,
  files: AsyncDisposableStack,
): Promise<Level> {
  return {
    name: source.name,
    bytes: identity.ranged ? files.use(await openBytes(source, identity)) : undefined,
    size: identity.size,
    open: (signal) => source.stream({ expect: identity, signal }),
    ...(identity.ranged && !how.inOrder && identity.size !== undefined
      ? { openAt: (offset, signal) => source.stream({ range: restFrom(offset, identity), expect: identity, signal }) }
      : {}),
    inOrder: how.inOrder === true,
  };
}

function restFrom(offset: number, { size = 0 }: Identified): Range {
  if (offset <= size) return { offset, length: size - offset };
  throw new DiskferryError('checkpoint-damaged', `the checkpoint goes on at ${offset}, the object has ${size} bytes`);
}

function companionsOf(sources: readonly Source[], files: AsyncDisposableStack): Surroundings {
  const opened = new Map<string, Promise<Bytes>>();
  return {
    async companion(baseName) {
      const source = sources.find(({ name }) => name === baseName);
      if (!source) return undefined;
      const bytes = opened.get(baseName) ?? opening(source, files);
      opened.set(baseName, bytes);
      return bytes;
    },
  };
}

async function opening(source: Source, files: AsyncDisposableStack): Promise<Bytes> {
  return files.use(await openBytes(source, await source.identify()));
}
