import type { DiskferryError } from '@diskferry/engine';

/**
 * An error for a person, or for a program as one JSON object on standard error:
 * `{"error":{"code","message","hint","retry","offset"?}}`. The trace of a fault of ours is shown only with DISKFERRY_DEBUG.
 */
export function reportError(error: DiskferryError, how: { readonly json: boolean }): void {
  const { code, message, hint, retry, offset } = error;
  if (how.json) {
    process.stderr.write(`${JSON.stringify({ error: { code, message, hint, retry, offset } })}\n`);
  } else {
    const where = offset === undefined ? '' : ` (at ${offset})`;
    process.stderr.write(`diskferry: ${message}${where}\n  ${hint}\n  [${code}]\n`);
  }
  if (process.env['DISKFERRY_DEBUG']) process.stderr.write(`${error.stack}\n${String(error.cause ?? '')}\n`);
}
