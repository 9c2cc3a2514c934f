import type { Image, ImageFormat, Surroundings } from '../image/image.ts';
import { readThrough, type Level } from './level.ts';
import { openPassing, type PassOptions } from './open-pass.ts';
import type { OpenedLevel } from './opened.ts';

/** Opens the image itself: by ranges where they can be had, in one pass otherwise. */
export async function openLevel(
  format: ImageFormat,
  level: Level,
  around: Surroundings,
  how: PassOptions,
): Promise<OpenedLevel> {
  if (!level.bytes) return openPassing(format, level, how, 'the package can only be read from its start');
  const image = await format.open(level.bytes, around, how.signal);
  const inPass = level.inOrder && level.bytes.runs === undefined && image.files.length === 1 && format.scan;
  if (inPass && format.name !== 'qcow2') return openPassing(format, level, how, 'a digest of all of it is checked');
  return openRanged(image, level);
}

function openRanged(image: Image, level: Level): OpenedLevel {
  return {
    facts: image.facts,
    virtualSize: image.size,
    reading: level.inOrder ? 'by ranges, after one reading that checks the digest' : 'by ranges',
    goesOn: true,
    origin: { way: 'ranges', image },
    precheck: level.inOrder ? (signal) => readThrough(level, signal) : undefined,
  };
}
