import type { CheckVerdict, WaitingReason } from '@diskferry/protocol';

/** What a check means, whoever meets it. */
export interface CheckEntry {
  /** What it can say. */
  readonly verdicts: readonly CheckVerdict[];
  /** What is looked at, one short sentence. */
  readonly title: string;
  /** What the person can do where it does not pass; null where nothing is to be done. */
  readonly remedy: string | null;
  /** Where it stands in the public documents of Tencent Cloud's service migration (the original), or why it is a rule. */
  readonly rule: string;
  /** What a worker that meets a block would wait for, where waiting can help. */
  readonly waitsFor?: WaitingReason;
}
export type Entries = Readonly<Record<string, CheckEntry>>;
