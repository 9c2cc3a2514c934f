import {
  Meter,
  openImage,
  openSource,
  transfer,
  Workshop,
  type Checkpoint,
  type Landed,
  type OpenSourceOptions,
  type Target,
  type Verify,
} from '../../packages/engine/src/index.ts';
import { MemoryCheckpoint } from '../../packages/engine/testing/memory-checkpoint.ts';

/** Waits of milliseconds in place of seconds; the numbers of attempts stay as they are. */
export const QUICK: OpenSourceOptions = {
  retry: { baseMs: 1, capMs: 10 },
  timeouts: { connectMs: 2000, headersMs: 500, idleMs: 500, windowMs: 1000, minimumRate: 100 },
};

export interface EngineCopy {
  /** What a person would type. */
  readonly link: string;
  readonly target: Target;
  readonly options?: OpenSourceOptions;
  readonly checkpoint?: Checkpoint;
  readonly verify?: Verify;
  readonly signal?: AbortSignal;
}

/** Opens a link and lands what lies there, by the API of the engine alone: as the command and the service do it. */
export async function copyByEngine(how: EngineCopy): Promise<Landed> {
  const { link, target, options, signal } = how;
  await using source = openSource(link, { ...QUICK, ...options });
  await using opened = await openImage(source, { signal });
  await using workshop = new Workshop();
  await opened.precheck?.(signal);
  return await transfer(opened.origin, target, {
    checkpoint: how.checkpoint ?? new MemoryCheckpoint({ startedZeroed: target.traits.startsZeroed }),
    meter: new Meter(),
    verify: how.verify ?? 'written',
    width: 4,
    commitBytes: 4 * 1024 * 1024,
    workshop,
    signal,
  });
}
