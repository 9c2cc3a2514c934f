import type { Check } from '@diskferry/protocol';
import { ServiceError } from '../base/errors.ts';
import type { ImageSource } from '../migrations/migration.ts';
import type { RequestedImage } from '../migrations/request.ts';
import { declaredChecksum, declaredFormat } from '../sources/image-options.ts';
import { check } from './check.ts';

/** What is wrong with the request whatever lies outside. */
export function checkDeclared({ format, checksum }: ImageSource, image: number): Check[] {
  const checks: Check[] = [];
  const formatWrong = format === null ? undefined : refusalOf(() => declaredFormat(format));
  const checksumWrong = checksum === null ? undefined : refusalOf(() => declaredChecksum(checksum));
  if (formatWrong !== undefined) checks.push(check('format-declared', 'block', image, formatWrong));
  else if (format !== null) checks.push(check('format-declared', 'pass', image, format));
  if (checksumWrong !== undefined) checks.push(check('checksum-declared', 'block', image, checksumWrong));
  else if (checksum !== null) checks.push(check('checksum-declared', 'pass', image, checksum));
  return checks;
}

/** The source without what cannot be right, so that the rest of it can still be looked at; itself where all of it can. */
export function withoutMistakes(source: ImageSource): ImageSource {
  const { format, checksum } = source;
  const formatWrong = format !== null && refusalOf(() => declaredFormat(format)) !== undefined;
  const checksumWrong = checksum !== null && refusalOf(() => declaredChecksum(checksum)) !== undefined;
  if (!formatWrong && !checksumWrong) return source;
  return { ...source, format: formatWrong ? null : format, checksum: checksumWrong ? null : checksum };
}

export function checkDistinct(images: readonly RequestedImage[]): Check {
  const volumes = images.map(({ target }) => target.volume);
  const twice = volumes.filter((volume, index) => volumes.indexOf(volume) !== index);
  if (twice.length === 0) return check('volumes-distinct', 'pass', null, volumes.join(', '));
  return check('volumes-distinct', 'block', null, `two images would land on ${[...new Set(twice)].join(', ')}`);
}

function refusalOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return error.message;
    throw error;
  }
}
