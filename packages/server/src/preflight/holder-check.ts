import type { Check } from '@diskferry/protocol';
import type { Hold } from '../providers/provider.ts';
import { check } from './check.ts';
import type { Inquiry } from './inquiry.ts';
import type { PreflightScene } from './report.ts';

interface Held {
  readonly code: 'volume-free' | 'instance-free';
  /** As locks name it: `volume:ID`. */
  readonly resource: string;
  /** At the provider. */
  readonly heldBy: Hold | undefined;
  readonly image: number | null;
}

/** Whether somebody else holds it: in the store, or at the provider. What the migration itself holds is no obstacle. */
export async function checkHolder(
  { code, resource, heldBy, image }: Held,
  scene: PreflightScene,
  inquiry: Inquiry,
): Promise<Check> {
  const said = await inquiry.lookUp((signal) => scene.lockedBy(resource, signal));
  const others: string[] = [];
  if ('value' in said && said.value !== undefined && said.value !== scene.self) others.push(`locked by ${said.value}`);
  if (heldBy !== undefined && heldBy.holder !== scene.self) others.push(`held by ${heldBy.holder}: ${heldBy.why}`);
  if (others.length > 0) return check(code, 'block', image, `${resource} is ${others.join(', and ')}`);
  if ('failure' in said) return check(code, 'unknown', image, said.failure.evidence);
  return check(code, 'pass', image, `${resource} is free`);
}
