import type { CheckVerdict, WaitingReason } from '@diskferry/protocol';
import type { Retry } from '../../packages/engine/src/base/catalogue.ts';

/** What stands around the texts of the catalogues, in one language. */
export interface PageWords {
  readonly head: string;
  readonly remedy: string;
  readonly retry: string;
  readonly retries: Readonly<Record<Retry, string>>;
  readonly status: string;
  readonly says: string;
  readonly verdicts: Readonly<Record<CheckVerdict, string>>;
  readonly waits: string;
  readonly reasons: Readonly<Record<WaitingReason, string>>;
  readonly stop: string;
  readonly separator: string;
  /** Title and one sentence; the chapters of checks and of the engine by their key, in the order of the page. */
  readonly checkChapters: readonly (readonly [title: string, about: string])[];
  /** Rules about what is inside an image. */
  readonly inside: readonly [title: string, about: string];
  readonly engineChapters: readonly (readonly [word: string, title: string, about: string])[];
  readonly provider: readonly [title: string, about: string];
  readonly service: readonly [title: string, about: string];
  readonly refusals: readonly [title: string, about: string];
}
