import { expect } from 'vitest';
import { DiskferryError, type ErrorCode } from '../../packages/engine/src/index.ts';

/** The reasons that the corpus gives, and the codes that say the same. */
export const CODES_BY_REASON: Readonly<Record<string, readonly ErrorCode[]>> = {
  'backing-file': ['image-backing-file'],
  'bad-snapshot-table': ['image-limit', 'image-damaged'],
  'unsupported-version': ['image-unsupported'],
  'unsupported-format': ['image-unsupported-format'],
  'differencing-parent': ['image-parent'],
  checksum: ['image-checksum'],
  'table-too-large': ['image-limit', 'image-damaged', 'image-truncated'],
  'dirty-log': ['image-dirty-log'],
  'missing-extent': ['image-extent-missing'],
  corrupt: ['image-damaged', 'image-truncated', 'image-checksum'],
  'broken-disk': ['image-damaged', 'image-truncated', 'image-not-recognised', 'package-digest', 'package-descriptor'],
  'bad-ovf': ['package-descriptor'],
  'no-ovf': ['package-descriptor'],
  'not-a-tar': ['package-damaged'],
  'no-disk': ['package-no-disk'],
  'several-members-no-disk': ['package-no-disk'],
  'nested-package': ['package-too-deep'],
};

/** Demands that the work ends with an error of the product whose code fits the reason. */
export async function expectRefusal(work: Promise<unknown>, reason: string): Promise<void> {
  const outcome = await work.then(
    (accepted) => ({ accepted }),
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(DiskferryError);
  expect(CODES_BY_REASON[reason], `codes for ${reason}`).toContain((outcome as DiskferryError).code);
}
