import type { Check } from '@diskferry/protocol';
import type { ImageTarget } from '../migrations/migration.ts';
import type { Volume } from '../providers/provider.ts';
import { bytesText, check } from './check.ts';
import { checkHolder } from './holder-check.ts';
import type { Failure, Inquiry } from './inquiry.ts';
import type { Found, PreflightScene } from './report.ts';

/** What is known of a target volume once it was looked at. */
export interface VolumeLook {
  readonly checks: readonly Check[];
  readonly found: Found<Volume> | undefined;
  /** Bytes of it that can hold data; undefined where the provider does not tell. */
  readonly room: number | undefined;
}

export async function lookAtVolume(
  target: ImageTarget,
  image: number,
  scene: PreflightScene,
  inquiry: Inquiry,
): Promise<VolumeLook> {
  const said = await inquiry.lookUp((signal) => scene.findVolume(target.volume, signal));
  if ('failure' in said) return missing(volumeFailed(said.failure, image));
  const found = said.value;
  if (found === undefined)
    return missing(check('volume-exists', 'block', image, `there is no volume ${target.volume}`));
  const [holder, content, room] = await Promise.all([
    checkHolder(
      { code: 'volume-free', resource: `volume:${target.volume}`, heldBy: found.thing.heldBy, image },
      scene,
      inquiry,
    ),
    lookAtContent(found, image, scene, inquiry),
    inquiry.lookUp(async (signal) => scene.roomFor?.(target.volume, signal)),
  ]);
  return {
    checks: [...standing(found, image), attachment(found.thing, target, image), holder, content],
    found,
    room: 'value' in room ? room.value : undefined,
  };
}

function missing(why: Check): VolumeLook {
  return { checks: [why], found: undefined, room: undefined };
}

function volumeFailed({ code, evidence }: Failure, image: number): Check {
  return check('volume-exists', code === 'volume-not-found' ? 'block' : 'unknown', image, evidence);
}

function standing({ thing, provider, reachable }: Found<Volume>, image: number): Check[] {
  const { id, name, size, role, region, zone, state, unusable } = thing;
  const what = `${id} (${name}): ${role} volume of ${bytesText(size)} in ${region}, ${zone}`;
  return [
    check('volume-exists', 'pass', image, what),
    reachable
      ? check('provider-reachable', 'pass', image, provider)
      : check('provider-reachable', 'block', image, `no worker that reaches the provider ${provider} was seen lately`),
    unusable === undefined
      ? check('volume-usable', 'pass', image, id)
      : check('volume-usable', 'block', image, `${id}: ${unusable}`),
    check('volume-at-rest', state === 'changing' ? 'block' : 'pass', image, `${id} is ${state}`),
  ];
}

/** The instance that is named is the one that is locked and stopped: so it has to be the right one, or none at all. */
function attachment({ id, attachment: attached }: Volume, { instance }: ImageTarget, image: number): Check {
  const is = attached === undefined ? 'attached to no instance' : `attached to ${attached.instance}`;
  const wanted = instance === null ? 'no instance is named' : `${instance} is named`;
  const verdict = (attached?.instance ?? null) === instance ? 'pass' : 'block';
  return check('volume-attachment', verdict, image, `${id} is ${is}, ${wanted}`);
}

async function lookAtContent(
  { thing, reachable }: Found<Volume>,
  image: number,
  scene: PreflightScene,
  inquiry: Inquiry,
): Promise<Check> {
  if (!reachable) return check('target-overwritten', 'unknown', image, `${thing.id} cannot be looked at from here`);
  const said = await inquiry.lookUp((signal) => scene.occupant(thing.id, signal));
  if ('failure' in said) return check('target-overwritten', 'unknown', image, said.failure.evidence);
  if (said.value === undefined) {
    return check('target-overwritten', 'unknown', image, `${thing.id} cannot be looked at from here`);
  }
  if (said.value === null) return check('target-overwritten', 'pass', image, `${thing.id} is blank`);
  return check('target-overwritten', 'warn', image, `${thing.id}: ${said.value}`);
}

/** Whether the provider has room for all that the image may write. A disk larger than its volume is said elsewhere. */
export function compareRoom({ found, room }: VolumeLook, virtualSize: number | null, image: number): Check[] {
  if (room === undefined || found === undefined) return [];
  if (room >= found.thing.size) return [check('provider-space', 'pass', image, 'there is room for all of the volume')];
  if (virtualSize === null) {
    return [check('provider-space', 'unknown', image, `there is room for ${bytesText(room)} of the volume`)];
  }
  const both = `the disk has ${bytesText(virtualSize)}, there is room for ${bytesText(room)}`;
  return [check('provider-space', virtualSize <= room ? 'pass' : 'warn', image, both)];
}
