/** Why a deflate stream is refused. */
export type InflateReason =
  | 'damaged'
  | 'truncated'
  | 'too-long'
  | 'too-short'
  | 'header'
  | 'dictionary'
  | 'checksum'
  | 'saved-state';

/** What leaves this folder; the callers know the place in the file and what it is called, and make it their own error. */
export class InflateError extends Error {
  readonly reason: InflateReason;

  constructor(reason: InflateReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'InflateError';
    this.reason = reason;
  }
}

/** What a run of the decoder ends with. The same numbers as in assembly/status.ts. */
export const NEEDS_INPUT = 1;
export const NEEDS_OUTPUT = 2;
export const FINISHED = 3;
const BAD_STATE = 27;

/** Sentences for assembly/status.ts. */
const FAULTS: ReadonlyMap<number, string> = new Map([
  [16, 'a deflate block of kind 3; 0, 1 and 2 exist'],
  [17, 'the length of a stored block and its complement do not match'],
  [18, 'a deflate block with more than 286 literal/length symbols or more than 30 distance symbols'],
  [19, 'the code length code of a deflate block is over-subscribed or incomplete'],
  [20, 'a repeat of code lengths without one before it, or beyond the last'],
  [21, 'a deflate block without a code for its end'],
  [22, 'the literal/length code of a deflate block is over-subscribed or incomplete'],
  [23, 'the distance code of a deflate block is over-subscribed or incomplete'],
  [24, 'a literal/length symbol that stands for nothing'],
  [25, 'a distance symbol that stands for nothing'],
  [26, 'a distance that reaches back before the first byte'],
  [BAD_STATE, 'the saved state of a decoder contradicts itself'],
]);

/** For every status that none of the above names. */
export function refusalOf(status: number): InflateError {
  return new InflateError(status === BAD_STATE ? 'saved-state' : 'damaged', FAULTS.get(status) ?? `status ${status}`);
}

export function truncated(): InflateError {
  return new InflateError('truncated', 'the deflate data end before their last block does');
}

/** An error of node:zlib in our words; anything else as it is. */
export function fromZlib(thrown: unknown): unknown {
  const code = thrown instanceof Error ? (thrown as { code?: unknown }).code : undefined;
  if (typeof code !== 'string' || !(thrown instanceof Error)) return thrown;
  if (code === 'Z_BUF_ERROR') return truncated();
  if (code === 'ERR_BUFFER_TOO_LARGE') return new InflateError('too-long', 'the content is longer than told', thrown);
  if (code === 'Z_NEED_DICT') return new InflateError('dictionary', thrown.message, thrown);
  return code.startsWith('Z_') ? new InflateError('damaged', thrown.message, thrown) : thrown;
}
