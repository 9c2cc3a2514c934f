import type { BootProof } from '@diskferry/protocol';
import { ServiceError } from '../base/errors.ts';
import type { Migration } from './migration.ts';

/** The code by which a person accepts it. */
export const BOOT_FAILED = 'boot-failed';

const MOST_EVIDENCE = 40;
const LONGEST_LINE = 500;

/** Whether a copy of what is on the disks has failed to come up, and nobody has accepted that. */
export function bootFailed({ bootProof, options }: Pick<Migration, 'bootProof' | 'options'>): boolean {
  return bootProof?.verdict === 'failed' && !options.accept.includes(BOOT_FAILED);
}

/** What it quotes was written by a guest. */
export function withProof(migration: Migration, bootProof: BootProof): Migration {
  const { evidence, seconds } = bootProof;
  const isShort = evidence.length <= MOST_EVIDENCE && evidence.every((line) => line.length <= LONGEST_LINE);
  const isPlain = evidence.every((line) => !/\p{Cc}/u.test(line));
  if (isShort && isPlain && Number.isSafeInteger(seconds) && seconds >= 0) return { ...migration, bootProof };
  throw new ServiceError(
    'illegal-transition',
    `proved does not fit ${migration.id}: its evidence is not fit to be kept`,
  );
}

/** Other bytes are on the disks now. */
export function withoutProof({ bootProof: _old, ...migration }: Migration): Migration {
  return migration;
}
