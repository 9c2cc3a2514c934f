/** What every verb gets besides its arguments. */
export interface Context {
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}
