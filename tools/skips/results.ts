/** What is used of vitest's JSON report. */
export interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
  /** Names of tests that skipped although what they need should be here. */
  readonly faults: readonly string[];
}

/**
 * Counts a run. What names its needs, as `[needs qemu-img]`, must not skip; but where others under the same name passed,
 * the need was met, and a test among them has its own reason (one pass over a disk of several files). A test of the corpus
 * may skip only where there is no corpus, and what takes long, `[only with DISKFERRY_LONG]` and the like, always.
 */
export function summarise(report: Report, { corpus }: { readonly corpus: boolean }): Summary {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string) => tests.filter((test) => test.status === status).map(({ fullName }) => fullName);
  const passed = named('passed');
  const met = new Set(passed.map(needOf));
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map((test) => test.fullName);
  const faults = skipped.filter((name) => {
    if (/\[only with \w+\]/.test(name)) return false;
    const need = needOf(name);
    return (need !== undefined && !met.has(need)) || (corpus && /\bcorpus\b/.test(name));
  });
  return { passed: passed.length, failed: named('failed').length, skipped, faults };
}

/** A name up to the needs that it names, or undefined where it names none. */
function needOf(name: string): string | undefined {
  return /^.*\[needs [^\]]+\]/.exec(name)?.[0];
}
