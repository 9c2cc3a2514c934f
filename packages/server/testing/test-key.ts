/** Seals secrets in tests. */
export const TEST_KEY = new Uint8Array(32).fill(7);
