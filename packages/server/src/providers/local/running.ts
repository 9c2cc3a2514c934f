import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Act, Instance } from '../provider.ts';
import { type Cloud, change } from './cloud.ts';
import { lockDisk, requireSound } from './disks.ts';
import { callOf, doneBefore, requireFree, requireWithin } from './guard.ts';
import { type GuestRecord, type InstanceRecord, type VolumeRecord, withOperation } from './records.ts';
import { instanceView } from './views.ts';

const PRESS_AGAIN_MS = 5000;
const LONGEST_GRACE_MS = 24 * 3600 * 1000;

export function startInstance(cloud: Cloud, id: string, act: Act): Promise<Instance> {
  const what = callOf('startInstance', {});
  return change(cloud, act.signal, async () => {
    const { book, guests } = cloud;
    const instance = book.instance(id);
    const ref = { kind: 'instance', id } as const;
    if (doneBefore(book, act, { what, ref }) !== undefined) return instanceView(cloud, instance);
    const volumes = book.volumesOf(id);
    requireFree([instance, ...volumes], act.holder);
    if (!(await guests.isAlive(instance.guest))) {
      await requireSound(book.folders, volumes);
      const plan = await guests.plan(instance);
      await asChanging(cloud, id, () => withLocks(cloud, volumes, (disks) => boot(cloud, id, { plan, disks })));
    }
    const started = withOperation(book.instance(id), { key: act.key, what });
    return instanceView(cloud, await book.putInstance(started));
  });
}

async function asChanging(cloud: Cloud, id: string, work: () => Promise<void>): Promise<void> {
  cloud.changing.add(id);
  cloud.bell.ring();
  try {
    await work();
  } finally {
    cloud.changing.delete(id);
    cloud.bell.ring();
  }
}

type Disks = Parameters<Cloud['guests']['launch']>[0]['disks'];
type Plan = Parameters<Cloud['guests']['launch']>[0]['plan'];

/** The launch is recorded before there is a process: whatever dies when, the process can be found by it. */
async function boot(cloud: Cloud, id: string, { plan, disks }: { plan: Plan; disks: Disks }): Promise<void> {
  const { book, guests } = cloud;
  const launch = `${id}.${randomUUID()}`;
  const instance = await book.putInstance({ ...book.instance(id), guest: { launch } });
  try {
    const process = await guests.launch({ plan, instance, launch, disks });
    await book.putInstance({ ...instance, guest: { launch, process } });
    await guests.ready(instance, { launch, process });
  } catch (error) {
    await guests.kill(instance, { launch });
    await book.putInstance({ ...instance, guest: undefined });
    throw error;
  }
}

async function withLocks(cloud: Cloud, volumes: readonly VolumeRecord[], work: (disks: Disks) => Promise<void>) {
  const disks: { volume: VolumeRecord; handle: FileHandle }[] = [];
  try {
    for (const volume of volumes) disks.push({ volume, handle: await lockDisk(cloud.book.folders, volume) });
    await work(disks);
  } finally {
    for (const { handle } of disks) await handle.close();
  }
}

/** The wait for the guest is outside the turn: others go on meanwhile. */
export async function stopInstance(
  cloud: Cloud,
  id: string,
  act: Act & { readonly graceMs: number },
): Promise<Instance> {
  const { book } = cloud;
  const what = callOf('stopInstance', { graceMs: act.graceMs });
  requireWithin('the time to shut down', act.graceMs, [0, LONGEST_GRACE_MS, 1]);
  const asked = await change(cloud, act.signal, async () => {
    const instance = book.instance(id);
    if (doneBefore(book, act, { what, ref: { kind: 'instance', id } }) !== undefined) return undefined;
    requireFree([instance, ...book.volumesOf(id)], act.holder);
    return instance;
  });
  if (asked?.guest !== undefined) {
    const { guest } = asked;
    await asChanging(cloud, id, () => shutDown(cloud, asked, { ...act, guest }));
  }
  return await change(cloud, act.signal, async () => {
    const instance = book.instance(id);
    if (asked === undefined) return instanceView(cloud, instance);
    // Somebody may have started it again meanwhile.
    const same = instance.guest?.launch === asked.guest?.launch;
    const stopped = { ...instance, guest: same ? undefined : instance.guest };
    return instanceView(cloud, await book.putInstance(withOperation(stopped, { key: act.key, what })));
  });
}

/** The button is pressed again and again: a guest that is just coming up does not hear it yet. */
async function shutDown(
  { guests }: Cloud,
  instance: InstanceRecord,
  { guest, graceMs, signal }: { guest: GuestRecord; graceMs: number; signal?: AbortSignal },
): Promise<void> {
  const end = performance.now() + graceMs;
  for (let left = graceMs; left > 0; left = end - performance.now()) {
    await guests.powerDown(instance, guest);
    if (await guests.ended(guest, Math.min(left, PRESS_AGAIN_MS), signal)) return;
  }
  await guests.kill(instance, guest);
}

/** Guests that ended while nobody looked are forgotten; those that live are taken over with their process. */
export async function adoptGuests({ book, guests }: Pick<Cloud, 'book' | 'guests'>): Promise<void> {
  for (const instance of book.instances) {
    const { guest } = instance;
    if (guest === undefined) continue;
    const process = await guests.processOf(guest);
    if (process !== undefined && guest.process !== undefined) continue;
    await book.putInstance({ ...instance, guest: process === undefined ? undefined : { ...guest, process } });
  }
}
