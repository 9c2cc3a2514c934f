/** What starting a throw-away copy of the disks has shown. `unknown` is no failure: nobody could tell. */
export const PROOF_VERDICTS = ['booted', 'failed', 'unknown'] as const;
export type ProofVerdict = (typeof PROOF_VERDICTS)[number];

/** How far the copy came, or where it ended. */
export const BOOT_REACHED = [
  'login',
  'multi-user',
  'kernel-panic',
  'initramfs-shell',
  'emergency-mode',
  'no-bootable-device',
  'boot-loader-shell',
  'firmware-shell',
  'blue-screen',
  'services',
  'kernel',
  'boot-loader',
  'firmware',
  'nothing',
] as const;
export type BootReached = (typeof BOOT_REACHED)[number];

export interface BootProof {
  readonly verdict: ProofVerdict;
  readonly reached: BootReached;
  /** What the copy said, in its own words: few lines, printable. And why it is not known, where it is not. */
  readonly evidence: readonly string[];
  readonly seconds: number;
  /** `kvm`, or `tcg` where the machine was emulated; `none` where nothing was started. */
  readonly accelerator: string;
  /** Whether a picture of the screen was kept. */
  readonly screenshot: boolean;
}

/** For what a proof makes a migration wait for a person, who may accept it by this code. */
export const PROOF_OBSTACLES = ['boot-failed', 'boot-unproved'] as const;
export type ProofObstacle = (typeof PROOF_OBSTACLES)[number];

/** Whether it is proved that the disks start: where the provider can, always, never. */
export const PROVE_BOOT = ['auto', 'always', 'never'] as const;
export type ProveBoot = (typeof PROVE_BOOT)[number];
