import { rm } from 'node:fs/promises';
import {
  CheckpointFile,
  describeOccupant,
  DiskferryError,
  FileTarget,
  openTarget,
  parseTargetLocator,
  requireFit,
  type Binding,
  type Opened,
  type Target,
  type TargetLocator,
} from '@diskferry/engine';
import { agreeToOverwrite } from './consent.ts';
import { createdSize } from './created-size.ts';
import { statePath } from './state-path.ts';

export interface TargetFlags {
  readonly create?: boolean;
  readonly fresh?: boolean;
  readonly yes?: boolean;
  readonly state?: string;
  readonly json?: boolean;
}

export interface Prepared extends AsyncDisposable {
  readonly target: Target;
  readonly checkpoint: CheckpointFile;
  /** What was on the target and is given up. */
  readonly overwritten: string | undefined;
}

/**
 * Opens the target and its checkpoint. Sizes are compared first; then either the checkpoint belongs to this very copy,
 * or what is on the target is announced and its loss agreed to. Nothing is destroyed before all of that.
 */
export async function prepareTarget(
  typed: string,
  opened: Opened,
  how: { readonly flags: TargetFlags; readonly signal: AbortSignal },
): Promise<Prepared> {
  const locator = parseTargetLocator(typed);
  const state = how.flags.state ?? (await statePath({ kind: kindOf(locator), name: nameOf(locator, typed) }));
  const target = await openWanted(locator, typed, opened, how.flags);
  try {
    if (opened.virtualSize !== undefined) requireFit(opened.virtualSize, target);
    const earlier = how.flags.fresh ? undefined : await CheckpointFile.peek(state);
    const binding: Binding = { ...opened.binding, target: identityOf(target, earlier) };
    const overwritten = earlier ? undefined : await giveUpContent(target, state, how);
    const sizedByUs = how.flags.create === true && opened.virtualSize === undefined;
    const begin = async () => ({ startedZeroed: target.traits.startsZeroed, ...(sizedByUs && { sizedByUs }) });
    const checkpoint = await CheckpointFile.open(state, binding, begin);
    return { target, checkpoint, overwritten, [Symbol.asyncDispose]: () => closeBoth(target, checkpoint) };
  } catch (error) {
    await target[Symbol.asyncDispose]();
    throw error;
  }
}

/** A file that was already cut to its disk when the last run was killed is still the one that its checkpoint is of. */
function identityOf(target: Target, earlier: Awaited<ReturnType<typeof CheckpointFile.peek>>): string {
  if (earlier?.cut !== target.size) return target.identity;
  const there = earlier.binding.target;
  return withoutSize(there) === withoutSize(target.identity) ? there : target.identity;
}

/** The identity of a file ends with its size. */
function withoutSize(identity: string): string {
  return identity.slice(0, identity.lastIndexOf(':'));
}

async function closeBoth(target: Target, checkpoint: CheckpointFile): Promise<void> {
  await checkpoint[Symbol.asyncDispose]();
  await target[Symbol.asyncDispose]();
}

function kindOf(locator: TargetLocator): string {
  return locator.kind === 'path' && !locator.path.startsWith('/dev/') ? 'file' : locator.kind;
}

function nameOf(locator: TargetLocator, typed: string): string {
  return locator.kind === 'path' ? locator.path : typed;
}

async function openWanted(locator: TargetLocator, typed: string, opened: Opened, flags: TargetFlags): Promise<Target> {
  if (!flags.create) return openTarget(locator);
  if (locator.kind === 'nbd') throw new DiskferryError('usage', `--create makes files, and ${typed} is none`);
  const size =
    opened.virtualSize ?? (locator.kind === 'path' ? await createdSize(locator.path) : Number.MAX_SAFE_INTEGER);
  return openTarget(locator, { create: size });
}

/**
 * A copy that begins: what is on the target is announced and given up. The old checkpoint goes before the content that it
 * speaks of, or a crash in between would let a later copy go on over an emptied disk. A file is emptied at once.
 */
async function giveUpContent(
  target: Target,
  state: string,
  how: { readonly flags: TargetFlags; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const overwritten = target.traits.startsZeroed ? undefined : await requireAgreement(target, how);
  await rm(state, { force: true });
  if (!target.traits.startsZeroed && target instanceof FileTarget) await target.clear();
  return overwritten;
}

async function requireAgreement(
  target: Target,
  how: { readonly flags: TargetFlags; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const occupant = target.readBack && (await describeOccupant(target.readBack, how.signal));
  if (occupant?.isBlank) return undefined;
  const { kind, label, size } = target;
  const { yes = false, fresh = false, json: quiet = false } = how.flags;
  const agreed = yes || (fresh && kind === 'file' && !process.stdin.isTTY);
  const flag = kind === 'file' ? '--fresh' : '--yes';
  const sight = occupant?.sentence ?? 'What it holds cannot be read.';
  return agreeToOverwrite({ label, size, sight, agreed, quiet, flag, signal: how.signal });
}
