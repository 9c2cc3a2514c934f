import { createHash } from 'node:crypto';
import { ProviderError } from '../provider-error.ts';
import type { Act, Ref } from '../provider.ts';
import type { Book } from './book.ts';
import type { InstanceRecord, VolumeRecord } from './records.ts';

/** Longest name, holder and sentence of one, in characters. */
const TEXT_LIMIT = 128;
const WHY_LIMIT = 1000;

/**
 * Whether this very call was done before. `ref` is what it changes; a creating call has none yet, and gets what it made.
 * @throws ProviderError `operation-key-reused`
 */
export function doneBefore(book: Book, act: Act, call: { readonly what: string; readonly ref?: Ref }): Ref | undefined {
  requireKey(act);
  const known = book.operation(act.key);
  if (known === undefined) return undefined;
  const { ref, what } = known;
  if (what === call.what && (call.ref === undefined || call.ref.id === ref.id)) return ref;
  const asked = call.ref === undefined ? call.what : `${call.what} of ${call.ref.id}`;
  throw new ProviderError('operation-key-reused', `the key stands for ${what} of ${ref.id}, not for ${asked}`);
}

/** A call by its name and what it asked for, so short that it can be kept. */
export function callOf(name: string, asked: object): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(asked, Object.keys(asked).toSorted()))
    .digest('hex');
  return `${name} ${digest.slice(0, 32)}`;
}

/** @throws ProviderError `held` where somebody other than `holder` holds one of them */
export function requireFree(records: readonly (VolumeRecord | InstanceRecord)[], holder: string | undefined): void {
  for (const { id, heldBy } of records) {
    if (heldBy === undefined || heldBy.holder === holder) continue;
    throw new ProviderError('held', `${id} is held by ${heldBy.holder}: ${heldBy.why}`);
  }
}

/** A volume with the instance that a change to it would change as well. */
export function withInstance(book: Book, volume: VolumeRecord): (VolumeRecord | InstanceRecord)[] {
  return volume.attachment === undefined ? [volume] : [volume, book.instance(volume.attachment.instance)];
}

export function requireText(what: string, text: string, limit = TEXT_LIMIT): void {
  if (typeof text === 'string' && text.length > 0 && text.length <= limit && !/\p{Cc}/u.test(text)) return;
  const found = typeof text === 'string' ? `${text.length} characters` : typeof text;
  throw new ProviderError('request-invalid', `${what}: ${found}; 1 to ${limit} without control characters are allowed`);
}

export function requireKey({ key }: Act): void {
  if (typeof key === 'string' && /^[\x20-\x7e]{1,64}$/.test(key)) return;
  throw new ProviderError('request-invalid', 'the key: 1 to 64 printable characters of ASCII are allowed');
}

export function requireWhy(why: string): void {
  requireText('the sentence of the holder', why, WHY_LIMIT);
}

export function requireWithin(
  what: string,
  value: number,
  [least, most, step]: readonly [number, number, number],
): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most && value % step === 0) return;
  throw new ProviderError(
    'request-invalid',
    `${what} is ${value}; multiples of ${step} from ${least} to ${most} are allowed`,
  );
}
