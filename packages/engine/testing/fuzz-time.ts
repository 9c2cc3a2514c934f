/**
 * How long a fuzzer runs and where it begins. In the tests: briefly, and always the same cases. By hand
 * (`npm run fuzz -- 60`): as many seconds as DISKFERRY_FUZZ_SECONDS says, from a seed of the day that is printed.
 */
export function fuzzTime(usual: { readonly seed: number; readonly milliseconds: number }): {
  readonly seed: number;
  readonly milliseconds: number;
} {
  const seconds = Number(process.env['DISKFERRY_FUZZ_SECONDS'] ?? '0');
  if (!(seconds > 0)) return usual;
  const seed = Number(process.env['DISKFERRY_FUZZ_SEED'] ?? Math.floor(Date.now() / 1000));
  return { seed, milliseconds: seconds * 1000 };
}
