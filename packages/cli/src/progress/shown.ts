/** Progress that is being shown until it is stopped; stopping twice does no harm. */
export interface Shown {
  stop(): void;
}
