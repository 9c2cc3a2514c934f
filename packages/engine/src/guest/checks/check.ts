import type { GuestReport } from '../report.ts';
import type { TargetTraits } from './target.ts';

/** `block`: it will not start or not fit; `warn`: a person should know; `unknown`: cannot be told, and why. */
export type GuestVerdict = 'block' | 'warn' | 'pass' | 'unknown';

export interface Judgement {
  readonly verdict: GuestVerdict;
  /** What was seen, with its place. */
  readonly evidence: string;
}

/** One rule about what lies on a disk. All of them stand in `catalogue.ts`, and docs/checks.md is written from them. */
export interface GuestCheck {
  readonly code: string;
  /** What it looks at, one sentence. */
  readonly looksAt: string;
  readonly remedy: string;
  /** Why the rule is there: the guide that demands it, or what users ran into. */
  readonly source: string;
  /** What of the target it depends on. */
  readonly traits: readonly (keyof TargetTraits)[];
  /** For system volumes only; a data volume does not have to start. */
  readonly systemOnly: boolean;
  /** Undefined: there is nothing here that the rule speaks of. Pure. */
  judge(report: GuestReport, target: TargetTraits): Judgement | undefined;
}

export interface GuestFinding extends Judgement {
  readonly code: string;
  readonly remedy: string;
}

export const pass = (evidence: string): Judgement => ({ verdict: 'pass', evidence });
export const warn = (evidence: string): Judgement => ({ verdict: 'warn', evidence });
export const block = (evidence: string): Judgement => ({ verdict: 'block', evidence });
export const unknown = (because: string): Judgement => ({
  verdict: 'unknown',
  evidence: `cannot tell, because ${because}`,
});

/** What is found about a network at a target that has none: it is told all the same, for the next target may have one. */
export function withoutNic(found: Judgement): Judgement {
  if (found.verdict === 'pass' || found.verdict === 'unknown') return pass('does not apply: the target has no network');
  return pass(`does not apply, for the target has no network: ${found.evidence}`);
}

/** The documents that rules come from. */
export const SOURCES = {
  linux: 'Tencent Cloud, making a Linux image',
  windows: 'Tencent Cloud, making a Windows image',
  virtio: 'Tencent Cloud, checking virtio in Linux',
  cloudInit: 'Tencent Cloud, installing cloud-init',
  importing: 'Tencent Cloud, importing images',
  forced: 'Tencent Cloud, forced import',
  users: 'what users of migration tools report',
  own: 'measured on guests of our own',
} as const;
