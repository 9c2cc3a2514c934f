/** How long an answer may take, in milliseconds. Time in which the reader of the body does something else never counts. */
export interface Timeouts {
  /** Until the connection stands, TLS included. */
  readonly connectMs: number;
  /** From the request to the complete head of the answer, however many bytes drip in. */
  readonly headersMs: number;
  /** Without a byte of the body. */
  readonly idleMs: number;
  /** In every window of waiting at least `minimumRate` bytes a second must come, or the server is holding us. */
  readonly windowMs: number;
  readonly minimumRate: number;
}

export const TIMEOUTS: Timeouts = {
  connectMs: 10_000,
  headersMs: 30_000,
  idleMs: 60_000,
  windowMs: 60_000,
  minimumRate: 1024,
};
