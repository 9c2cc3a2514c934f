import type { Stage } from '@diskferry/protocol';
import { STAGES } from '@diskferry/protocol';
import type { Migration, Standing } from './migration.ts';

/** Whether a worker may take it now, its start time aside. */
export function isRunnable(standing: Standing): boolean {
  if (standing.state === 'waiting') return standing.for === 'worker' || standing.for === 'start-time';
  return standing.state === 'queued' || isStage(standing.state);
}

export function isStage(state: string): state is Stage {
  return (STAGES as readonly string[]).includes(state);
}

/** What follows a stage that is done. Whether the instance is stopped is known only in `checking`. */
export function stageAfter({ kind, options }: Migration, stage: Stage, instanceRuns = false): Stage | 'succeeded' {
  const proved = options.startAfterwards ? 'starting' : 'succeeded';
  const landed = kind === 'instance' && (options.proveBoot ?? 'never') !== 'never' ? 'proving' : proved;
  switch (stage) {
    case 'checking':
      return instanceRuns ? 'stopping' : 'transferring';
    case 'stopping':
      return 'transferring';
    case 'transferring':
      return options.verify === 'none' ? landed : 'verifying';
    case 'verifying':
      return landed;
    case 'proving':
      return proved;
    case 'starting':
      return 'succeeded';
  }
}

/** What must be locked while it runs: every volume, and every instance that one of them belongs to. */
export function resourcesOf({ images }: Pick<Migration, 'images'>): string[] {
  const names = images.flatMap(({ target: { volume, instance } }) => {
    return instance === null ? [`volume:${volume}`] : [`volume:${volume}`, `instance:${instance}`];
  });
  return [...new Set(names)].toSorted();
}
