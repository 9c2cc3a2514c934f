import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeBoot, type Judged, type Witness } from '../../boot/judge-boot.ts';
import { ProviderError } from '../../provider-error.ts';
import type { ProvedBoot } from '../../provider.ts';
import { type Cloud, change } from '../cloud.ts';
import { lockDisk, requireSound } from '../disks.ts';
import { attempt } from '../durable.ts';
import { requireFree, requireWithin } from '../guard.ts';
import type { Picture } from '../guest/png.ts';
import type { VolumeRecord } from '../records.ts';
import { requireStopped } from '../volumes.ts';
import { Movement, type Signs } from './movement.ts';
import { isBlueScreen, keptPicture, screenText, takePicture, transfers } from './screen.ts';
import { Trial, type TrialHow } from './trial.ts';

const LONGEST_MS = 3600 * 1000;
const LOOK_MS = 250;
/** Of the screen: it costs more. */
const SCREEN_EVERY_MS = 3000;
/** Of the time that a copy gets, how long it may stand still; 40 of 120 seconds. */
const STILL_SHARE = 1 / 3;
const LEAST_STILL_MS = 10_000;

export interface ProveHow {
  readonly holder?: string;
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

/** The turn is taken only to lock the disks: others go on while the copy comes up. */
export async function proveBoot(cloud: Cloud, id: string, how: ProveHow): Promise<ProvedBoot> {
  requireWithin('the time to come up', how.withinMs, [1, LONGEST_MS, 1]);
  const begun = await change(cloud, how.signal, async () => {
    const { book, guests } = cloud;
    const instance = book.instance(id);
    const volumes = book.volumesOf(id);
    requireFree([instance, ...volumes], how.holder);
    await requireStopped(cloud, id);
    await requireSound(book.folders, volumes);
    const plan = await guests.plan(instance);
    return { plan, instance, launch: `${id}.proof.${randomUUID()}`, disks: await locked(cloud, volumes) };
  });
  try {
    how.signal?.throwIfAborted();
    return await onTrial(cloud, begun, how);
  } finally {
    for (const { handle } of begun.disks) await handle.close();
  }
}

async function locked({ book }: Cloud, volumes: readonly VolumeRecord[]) {
  const disks: { volume: VolumeRecord; handle: FileHandle }[] = [];
  try {
    for (const volume of volumes) disks.push({ volume, handle: await lockDisk(book.folders, volume) });
    return disks;
  } catch (error) {
    for (const { handle } of disks) await handle.close();
    throw error;
  }
}

async function onTrial({ book }: Cloud, begun: TrialHow, how: ProveHow): Promise<ProvedBoot> {
  const started = performance.now();
  const trial = await attempt(book.folders.proof(begun.instance.id), () => Trial.begin(book.folders, begun));
  try {
    const { judged, picture } = await watched(trial, how);
    const screenshot = picture && (await keptPicture(picture));
    const kept = screenshot !== undefined && judged.verdict !== 'booted' ? ['the picture of the screen was kept'] : [];
    return {
      ...judged,
      evidence: [...judged.evidence, ...kept],
      seconds: Math.round((performance.now() - started) / 1000),
      accelerator: begun.plan.accelerator,
      ...(screenshot === undefined ? {} : { screenshot }),
    };
  } finally {
    await trial.end();
  }
}

interface Seen {
  readonly judged: Judged;
  readonly picture: Picture | undefined;
}

/** Until there is a verdict, or nothing more is to be expected. */
async function watched(trial: Trial, { withinMs, signal }: ProveHow): Promise<Seen> {
  const started = performance.now();
  const movement = new Movement(started);
  let screen: Screen = NO_SCREEN;
  let lookAt = started + SCREEN_EVERY_MS;
  for (;;) {
    signal?.throwIfAborted();
    if (!trial.hasEnded && performance.now() >= lookAt) {
      screen = await lookAtScreen(trial, screen);
      lookAt = performance.now() + SCREEN_EVERY_MS;
    }
    movement.see({ heard: trial.heard, ...screen }, performance.now());
    const over = (await reasonToEnd(trial, started, withinMs)) ?? stillness(movement, withinMs);
    if (over !== undefined && !trial.hasEnded) screen = await lookAtScreen(trial, screen);
    const judged = judgeBoot({ ...screen, serial: trial.said });
    if (judged.verdict !== 'unknown') {
      if (!trial.hasEnded) screen = await lookAtScreen(trial, screen);
      return { judged, picture: screen.picture };
    }
    if (over !== undefined) {
      return { judged: { ...judged, evidence: [...judged.evidence, over] }, picture: screen.picture };
    }
    await sleep(LOOK_MS, undefined, signal === undefined ? {} : { signal });
  }
}

/** @throws ProviderError `guest-not-started` where QEMU ended without a machine */
async function reasonToEnd(trial: Trial, started: number, withinMs: number): Promise<string | undefined> {
  if (trial.hasEnded) {
    const complaint = await trial.complaint();
    if (trial.said === '' && complaint !== '') throw new ProviderError('guest-not-started', complaint);
    return 'it switched itself off, or began again, before it was up';
  }
  if (performance.now() >= started + withinMs) return `no sign of an end after ${withinMs / 1000} seconds`;
  return (await trial.hasWrittenTooMuch()) ? 'it has written more than a copy may' : undefined;
}

/** No verdict: what waits 30 seconds for its root (initramfs-tools) and then gives up is given the time to say so. */
function stillness(movement: Movement, withinMs: number): string | undefined {
  const still = movement.stillFor(performance.now());
  if (still < Math.max(LEAST_STILL_MS, withinMs * STILL_SHARE)) return undefined;
  return `nothing has moved in it for ${Math.round(still / 1000)} seconds: no word, no picture, no read or write`;
}

type Screen = Omit<Witness, 'serial'> & Omit<Signs, 'heard'>;
const NO_SCREEN: Screen = { screen: '', hasBlueScreen: false, picture: undefined, transfers: undefined };

/** What cannot be seen now stays as it was seen last. */
async function lookAtScreen(trial: Trial, before: Screen): Promise<Screen> {
  try {
    const picture = await takePicture(trial);
    const hasBlueScreen = isBlueScreen(picture);
    return { screen: await screenText(trial), hasBlueScreen, picture, transfers: await transfers(trial) };
  } catch {
    return { ...before, transfers: undefined };
  }
}
