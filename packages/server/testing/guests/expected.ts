import { TARGET_PROFILES } from '@diskferry/engine/guest';
import type { BootReached, ProofVerdict } from '@diskferry/protocol';

const WITH_NIC = { ...TARGET_PROFILES.local, nic: 'virtio-net' } as const;
/** Where they are to start, for the checks: with a network card, so that those speak too that are about one. */
export const TARGETS = { virtio: WITH_NIC, ide: { ...WITH_NIC, bus: 'ide' } } as const;

/** What becomes of a machine with this disk. */
export type Outcome = readonly [verdict: ProofVerdict, reached: BootReached];

export interface Expectation {
  /** All that the checks say besides `pass` and `unknown`. */
  readonly says: readonly string[];
  readonly outcome: Outcome;
}

/**
 * A guest, what the checks foretell of it, and what becomes of it. docs/checks.md shows these; tests hold the checks to
 * `says` by looking at the disk, and the machine to `outcome` by starting it.
 */
export interface Expected {
  /** What is special about it, for people. */
  readonly what: string;
  readonly virtio: Expectation;
  readonly ide: Expectation;
}

/** What the checks foretell: that it comes up, unless one of them blocks. */
export function foretold({ says }: Expectation): ProofVerdict {
  return says.some((line) => line.startsWith('block')) ? 'failed' : 'booted';
}

export const UP: Outcome = ['booted', 'login'];
export const NO_ROOT: Outcome = ['failed', 'initramfs-shell'];
export const EMERGENCY: Outcome = ['failed', 'emergency-mode'];

/** Nothing to say, and it comes up. */
export const GOOD: Expectation = { says: [], outcome: UP };
