import type { Instance, Volume } from '../../providers/provider.ts';
import type { Place } from './places.ts';

/** Why something cannot be chosen as a target now. */
export type Obstacle = 'unusable' | 'held' | 'changing' | 'unreachable';

/** A guest that runs is none: it can be stopped. */
export function obstacleOf({ unusable, heldBy, state }: Volume | Instance, { reachable }: Place): Obstacle | undefined {
  if (unusable !== undefined) return 'unusable';
  if (heldBy !== undefined) return 'held';
  if (state === 'changing') return 'changing';
  return reachable ? undefined : 'unreachable';
}
