import type { Layer, Opened } from '@diskferry/engine';
import type { Check } from '@diskferry/protocol';
import type { ImageSource } from '../migrations/migration.ts';
import { bytesText, check } from './check.ts';
import type { Failure } from './inquiry.ts';
import { isAboutLink, linkFailed } from './link-checks.ts';

/** What each of these errors means to a person; all others of images and packages are an image that cannot be used. */
const MEANINGS = {
  'image-not-recognised': 'image-recognised',
  'image-ambiguous': 'image-recognised',
  'package-no-disk': 'image-recognised',
  'image-format-mismatch': 'format-as-declared',
  'package-several-disks': 'member-chosen',
  'package-no-member': 'member-chosen',
} as const;

/** Why the object could be read, and no image could be opened in it. */
export function imageFailed(failure: Failure, image: number): Check {
  const { code, evidence, hint } = failure;
  if (isAboutLink(failure)) return linkFailed(failure, image);
  if (Object.hasOwn(MEANINGS, code)) return check(MEANINGS[code as keyof typeof MEANINGS], 'block', image, evidence);
  if (!/^(?:image|package)-/.test(code)) return check('image-recognised', 'unknown', image, evidence);
  // The engine knows what helps against each of these; a test sees to it that it does not speak of flags.
  return check('image-usable', 'block', image, evidence, hint);
}

/** What the opened image tells of itself. */
export function imageOpened(opened: Opened, { format, member }: ImageSource, image: number): Check[] {
  const { layers, facts, warnings } = opened;
  const checks: Check[] = [check('image-recognised', 'pass', image, trail(layers))];
  if (format !== null)
    checks.push(check('format-as-declared', 'pass', image, `declared ${format}, found ${facts.format}`));
  if (member !== null) checks.push(check('member-chosen', 'pass', image, `${member} is the disk that is taken`));
  if (warnings.length > 0) checks.push(check('image-warning', 'warn', image, warnings.join('; ')));
  return [...checks, goesOn(opened, image), sizeKnown(opened, image)];
}

/** `gzip, tar (disk.vmdk), vmdk streamOptimized of 10737418240 bytes (10 GiB)`, outermost first. */
function trail(layers: readonly Layer[]): string {
  const words = layers.map(({ name, member, subformat, size, kind }) => {
    const detail = [subformat, member === undefined ? undefined : `(${member})`].filter((word) => word !== undefined);
    const of = kind === 'image' && size !== undefined ? ` of ${bytesText(size)}` : '';
    return [name, ...detail].join(' ') + of;
  });
  return words.join(', ');
}

function goesOn(opened: Opened, image: number): Check {
  const { reading } = opened;
  if (opened.goesOn === true) return check('copy-goes-on', 'pass', image, `${reading}; goes on anywhere`);
  if (opened.goesOn === false) {
    return check('copy-goes-on', 'warn', image, `${reading}; after a crash the package is read again from its start`);
  }
  const said = `${reading}; goes on at the boundaries of ${opened.goesOn}, where the package has some inside`;
  return check('copy-goes-on', 'pass', image, said);
}

function sizeKnown({ virtualSize, layers }: Opened, image: number): Check {
  if (virtualSize !== undefined) return check('disk-size-known', 'pass', image, bytesText(virtualSize));
  const said = `${trail(layers)}: only the end of the stream tells how large the disk is, it cannot be compared beforehand`;
  return check('disk-size-known', 'warn', image, said);
}
