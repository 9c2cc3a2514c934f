/** What takes minutes each time: `.ci/run` does it, `npm test` alone leaves it out. */
export const IS_THOROUGH = process.env['DISKFERRY_THOROUGH'] !== undefined;

/** For the name of what is only done then: where it is done, it must not skip for want of anything. */
export function whereThorough(needs: string): string {
  return IS_THOROUGH ? needs : `[only with DISKFERRY_THOROUGH] ${needs}`;
}
