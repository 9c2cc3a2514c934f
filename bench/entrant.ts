import type { Case } from './cases.ts';
import type { Input } from './inputs.ts';

/** One landing to be measured. Paths are relative to the run's own folder, which is empty before and removed after. */
export interface Job {
  readonly which: Case;
  readonly input: Input;
  /** URL or absolute path of the image, as the case reaches it. */
  readonly location: string;
  /** The same object without a ceiling per connection. */
  readonly fastLocation: string;
  readonly target: string;
  readonly scratch: string;
}

/** Something that runs in a case: our command, another program, or one half of the limit. */
export interface Entrant {
  readonly name: string;
  readonly kind: 'ours' | 'peer' | 'limit';
  /** Programs without which it is left out. */
  readonly needs: readonly string[];
  /** The bash line; undefined: this one has no part in the case. */
  readonly command: (job: Job) => string | undefined;
}
