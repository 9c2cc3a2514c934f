import { setTimeout as pause } from 'node:timers/promises';
import { DiskferryError, openImage, type Identified, type Opened, type Source } from '@diskferry/engine';
import type { Check } from '@diskferry/protocol';
import type { ImageSource } from '../migrations/migration.ts';
import { sourceHost } from '../migrations/source-host.ts';
import { imageOptions } from '../sources/image-options.ts';
import { withBudget } from './budget.ts';
import { checkDeclared, withoutMistakes } from './declared-checks.ts';
import { objectIdentity } from './identity.ts';
import { lookAtGuest, type GuestLook } from './look-at-guest.ts';
import { imageFailed, imageOpened } from './image-checks.ts';
import type { Bounds, Inquiry } from './inquiry.ts';
import { linkFailed, linkRead } from './link-checks.ts';
import { measureSpeed, type Speed } from './measure-speed.ts';
import type { PreflightImage, PreflightScene } from './report.ts';

/** What is known of an image once its source was looked at. */
export interface SourceLook extends Omit<PreflightImage, 'guest'> {
  readonly checks: readonly Check[];
  /** Of the bucket. */
  readonly region: string | undefined;
  readonly speed: Speed | undefined;
  readonly guest: GuestLook | undefined;
}

interface Means {
  readonly scene: PreflightScene;
  readonly inquiry: Inquiry;
  readonly bounds: Bounds;
  /** Whether a system shall start from this image. */
  readonly isSystem: boolean;
}

const NOTHING: SourceLook = {
  checks: [],
  identity: null,
  layers: [],
  fileSize: null,
  virtualSize: null,
  reading: null,
  region: undefined,
  speed: undefined,
  guest: undefined,
};

/** Opens the source, reads one byte of it, then what the image needs to be known, then a little for its speed. */
export async function lookAtSource(asked: ImageSource, image: number, means: Means): Promise<SourceLook> {
  const declared = checkDeclared(asked, image);
  const source = withoutMistakes(asked);
  const opening = await means.inquiry.lookUp(
    (signal) => means.scene.openSource(source, image, signal),
    (late) => late[Symbol.asyncDispose](),
  );
  if ('failure' in opening) return { ...NOTHING, checks: [...declared, linkFailed(opening.failure, image)] };
  await using whole = opening.value;
  const look = await lookInto(withBudget(whole, means.bounds.bytes), source, image, means);
  return { ...look, checks: [...declared, ...look.checks] };
}

async function lookInto(source: Source, asked: ImageSource, image: number, means: Means): Promise<SourceLook> {
  const identified = await means.inquiry.ask((signal) => twice(() => source.identify(signal), signal));
  if ('failure' in identified) return { ...NOTHING, checks: [linkFailed(identified.failure, image)] };
  const found = identified.value;
  const known: SourceLook = {
    ...NOTHING,
    checks: linkRead(source, found, image),
    identity: objectIdentity(source.name, found),
    fileSize: found.size ?? null,
    region: source.region,
  };
  const opening = await means.inquiry.ask((signal) => openImage(source, { ...imageOptions(asked), signal }));
  if ('failure' in opening) return { ...known, checks: [...known.checks, imageFailed(opening.failure, image)] };
  await using opened = opening.value;
  return {
    ...known,
    ...described(opened),
    checks: [...known.checks, ...imageOpened(opened, asked, image)],
    guest: await lookAtGuest(opened, means.inquiry, { ...means.bounds, isSystem: means.isSystem }),
    speed: await speedOf(source, found, asked, means),
  };
}

function described(opened: Opened): Pick<SourceLook, 'layers' | 'fileSize' | 'virtualSize' | 'reading'> {
  const { layers, fileSize, virtualSize, reading } = opened;
  return { layers, fileSize: fileSize ?? null, virtualSize: virtualSize ?? null, reading };
}

/** A connection that breaks once says nothing; a server that asks to come later is not asked again. */
async function twice(work: () => Promise<Identified>, signal: AbortSignal): Promise<Identified> {
  try {
    return await work();
  } catch (error) {
    const mayHelp = error instanceof DiskferryError && error.retry === 'now' && error.code !== 'source-busy';
    if (!mayHelp) throw error;
  }
  await pause(300, undefined, { signal });
  return work();
}

/** What earlier migrations reached is better than a few MiB read now. */
async function speedOf(
  source: Source,
  found: Identified,
  { link }: ImageSource,
  { scene, inquiry, bounds }: Means,
): Promise<Speed | undefined> {
  const earlier = await inquiry.lookUp((signal) => scene.measuredSpeed(sourceHost(link), signal));
  if ('value' in earlier && earlier.value !== undefined && earlier.value > 0) {
    return { rate: earlier.value, basis: 'earlier' };
  }
  return measureSpeed(source, found, inquiry, bounds);
}
