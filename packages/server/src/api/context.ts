import type { ProgressHub } from './progress/hub.ts';
import type { Listeners } from './progress/listeners.ts';
import type { ApiParts } from './parts.ts';

/** What routes get: the parts, and what the API itself has. */
export interface Context extends ApiParts {
  readonly hub: ProgressHub;
  readonly listeners: Listeners;
  /** Aborts when the service is being shut down. */
  readonly closing: AbortSignal;
}
