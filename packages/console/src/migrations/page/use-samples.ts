import { useState } from 'react';
import type { LiveProgress } from '@diskferry/protocol';

export interface Sample {
  readonly at: number;
  readonly read: number;
  readonly landed: number;
}

/** Five minutes, at one a second. */
const MOST = 300;

/** What was measured since the page was opened. */
export function useSamples({ at, speed }: LiveProgress): readonly Sample[] {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  if (samples.at(-1)?.at === at) return samples;
  const next = [...samples.slice(1 - MOST), { at, ...speed }];
  setSamples(next);
  return next;
}
