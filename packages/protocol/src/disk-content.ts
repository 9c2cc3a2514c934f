/** What a target disk holds, as far as the migration onto it knows. */
export type DiskContent =
  /** Not a byte was written: what was there before is there still. */
  | { readonly kind: 'untouched' }
  /** `bytes` of the `of` bytes of the image are on the disk, durable. What was there before is lost. */
  | { readonly kind: 'partly'; readonly bytes: number; readonly of: number }
  /** The whole image; `verified` once it was read back and compared. */
  | { readonly kind: 'complete'; readonly of: number; readonly verified: boolean };

/** The share of the image that is on the disk, from 0 to 1. */
export function shareOf(content: DiskContent): number {
  if (content.kind === 'untouched') return 0;
  if (content.kind === 'complete') return 1;
  return content.of === 0 ? 0 : content.bytes / content.of;
}

/** One sentence without a full stop. The share is rounded down: 100 % means complete and nothing else. */
export function describeContent(content: DiskContent): string {
  switch (content.kind) {
    case 'untouched':
      return 'untouched: the old content is still there';
    case 'partly':
      return `partly written: ${Math.min(99, Math.floor(shareOf(content) * 100))} %; the old content is gone`;
    case 'complete':
      return content.verified ? 'completely written and verified' : 'completely written, not verified';
  }
}
