import type { Identified, Source } from '@diskferry/engine';
import type { Check } from '@diskferry/protocol';
import type { Volume } from '../providers/provider.ts';
import type { CheckCode } from './catalogue.ts';
import { bytesText, check } from './check.ts';
import type { Failure } from './inquiry.ts';
import type { Found } from './report.ts';

type BlockingLink = Exclude<Extract<CheckCode, `link-${string}` | `credentials-${string}`>, 'link-readable'>;

/** What each error of a source means to a person. All others of a source are an answer that cannot be trusted. */
const MEANINGS: Readonly<Record<string, BlockingLink | 'object-pinned'>> = {
  usage: 'link-wrong',
  'invalid-request': 'link-wrong',
  'source-not-allowed': 'link-not-allowed',
  'source-address': 'link-not-allowed',
  'source-folder': 'link-not-allowed',
  'source-expired': 'link-expired',
  'source-denied': 'link-denied',
  'secret-unreadable': 'credentials-unreadable',
  'source-not-found': 'link-not-found',
  'source-unreachable': 'link-unreachable',
  'source-timeout': 'link-unreachable',
  'source-busy': 'link-unreachable',
  'source-unpinned': 'object-pinned',
};

/** Whether an error is one of the source, and not of what lies in it. */
export function isAboutLink({ code }: Failure): boolean {
  return code.startsWith('source-') || Object.hasOwn(MEANINGS, code);
}

/** Why the object cannot be read. */
export function linkFailed(failure: Failure, image: number): Check {
  const { code, evidence } = failure;
  const meaning = Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
  if (meaning !== undefined) return check(meaning, 'block', image, evidence);
  if (isAboutLink(failure)) return check('link-untrusted', 'block', image, evidence);
  return check('link-readable', 'unknown', image, evidence);
}

/** What the one ranged read told. */
export function linkRead(source: Source, found: Identified, image: number): Check[] {
  const size = found.size === undefined ? 'of a size that the server does not tell' : bytesText(found.size);
  const ranges = found.ranged ? 'read by ranges' : 'from a server without ranges';
  return [check('link-readable', 'pass', image, `${source.label}: ${size}, ${ranges}`), pinned(found, image)];
}

function pinned({ etag, lastModified, version }: Identified, image: number): Check {
  const marks = [
    etag === undefined ? '' : `ETag ${etag}`,
    lastModified === undefined ? '' : `Last-Modified ${lastModified}`,
    version === undefined ? '' : `version ${version}`,
  ].filter((mark) => mark !== '');
  if (marks.length > 0) return check('object-pinned', 'pass', image, marks.join(', '));
  return check('object-pinned', 'block', image, 'neither ETag nor Last-Modified nor a version');
}

/**
 * Compared only where the provider knows the region of the bucket: elsewhere the image goes from one cloud to another, and
 * no region could be the same.
 */
export function compareRegions(bucket: string | undefined, target: Found<Volume>, image: number): Check {
  const { region } = target.thing;
  if (bucket === undefined) {
    return check('region-matches', 'pass', image, `the source has no region, the target is in ${region}`);
  }
  if (same(bucket, region)) return check('region-matches', 'pass', image, `bucket and target are in ${region}`);
  const both = `the bucket is in ${bucket}, the target in ${region}`;
  if (target.regions.some(({ name }) => same(name, bucket))) return check('region-matches', 'block', image, both);
  const known = `${both}; the provider ${target.provider} has no region ${bucket}: the image comes from elsewhere`;
  return check('region-matches', 'pass', image, known);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
