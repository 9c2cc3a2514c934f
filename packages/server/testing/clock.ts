/** Time that stands still until a test moves it. */
export interface TestClock {
  (): number;
  pass(ms: number): void;
}

export function testClock(start = 1_000_000): TestClock {
  let now = start;
  return Object.assign(() => now, { pass: (ms: number) => void (now += ms) });
}
