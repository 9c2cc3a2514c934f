import type { Check } from '@diskferry/protocol';
import type { MigrationOptions } from '../migrations/migration.ts';
import type { Instance } from '../providers/provider.ts';
import { check } from './check.ts';
import { checkHolder } from './holder-check.ts';
import type { Inquiry } from './inquiry.ts';
import type { Found, PreflightScene } from './report.ts';

/** What is known of an instance once it was looked at. */
export interface InstanceLook {
  readonly checks: readonly Check[];
  readonly found: Found<Instance> | undefined;
}

/** An instance that a target names, and the image that its checks are told with; null: the migration is about it. */
export interface NamedInstance {
  readonly id: string;
  readonly image: number | null;
}

export async function lookAtInstance(
  { id, image }: NamedInstance,
  options: Pick<MigrationOptions, 'runningInstance'>,
  scene: PreflightScene,
  inquiry: Inquiry,
): Promise<InstanceLook> {
  const said = await inquiry.lookUp((signal) => scene.findInstance(id, signal));
  if ('failure' in said) {
    const { code, evidence } = said.failure;
    const verdict = code === 'instance-not-found' ? 'block' : 'unknown';
    return { checks: [check('instance-exists', verdict, image, evidence)], found: undefined };
  }
  const found = said.value;
  if (found === undefined) {
    return { checks: [check('instance-exists', 'block', image, `there is no instance ${id}`)], found: undefined };
  }
  const { heldBy } = found.thing;
  const holder = await checkHolder(
    { code: 'instance-free', resource: `instance:${id}`, heldBy, image },
    scene,
    inquiry,
  );
  return { checks: [...standing(found, image), ...running(found.thing, options, image), holder], found };
}

function standing({ thing }: Found<Instance>, image: number | null): Check[] {
  const { id, name, region, zone, firmware, state, unusable } = thing;
  return [
    check('instance-exists', 'pass', image, `${id} (${name}): ${firmware}, in ${region}, ${zone}`),
    unusable === undefined
      ? check('instance-usable', 'pass', image, id)
      : check('instance-usable', 'block', image, `${id}: ${unusable}`),
    check('instance-at-rest', state === 'changing' ? 'block' : 'pass', image, `${id} is ${state}`),
  ];
}

/** While it changes nobody knows what it will be: `instance-at-rest` says so. */
function running(
  { id, state }: Instance,
  { runningInstance }: Pick<MigrationOptions, 'runningInstance'>,
  image: number | null,
): Check[] {
  if (state === 'changing') return [];
  if (state === 'stopped') return [check('instance-running', 'pass', image, `${id} is stopped`)];
  const said = `${id} runs, runningInstance is ${runningInstance}`;
  if (runningInstance === 'refuse') return [check('instance-running', 'block', image, said)];
  const how = runningInstance === 'force' ? 'it is switched off' : 'it is asked to shut down';
  return [check('instance-will-be-stopped', 'warn', image, `${said}: ${how}`)];
}

/** An instance migration is about one instance: its system volume first, and none but its own. */
export function checkBelonging({ id, systemVolume, dataVolumes }: Instance, volumes: readonly string[]): Check[] {
  const first = volumes[0] ?? 'no volume';
  const own = [systemVolume, ...dataVolumes];
  const strangers = volumes.filter((volume) => !own.includes(volume));
  return [
    check(
      'system-volume-first',
      first === systemVolume ? 'pass' : 'block',
      null,
      `the first image lands on ${first}, the system volume of ${id} is ${systemVolume}`,
    ),
    strangers.length === 0
      ? check('volumes-of-instance', 'pass', null, `${volumes.join(', ')} belong to ${id}`)
      : check('volumes-of-instance', 'block', null, `${strangers.join(', ')} not among ${own.join(', ')} of ${id}`),
  ];
}
