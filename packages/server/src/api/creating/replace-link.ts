import { DiskferryError } from '@diskferry/engine';
import type { ReplaceLinkInput } from '@diskferry/protocol/schemas';
import { ServiceError } from '../../base/errors.ts';
import { requireAllowed } from '../../migrations/advance-by-user.ts';
import { imageAt } from '../../migrations/images.ts';
import type { ImageSource, Migration } from '../../migrations/migration.ts';
import type { Secret } from '../../secrets/secret.ts';
import type { ApiParts } from '../parts.ts';
import { act, currentOf, type Ask } from '../acting/act.ts';
import { whileSealed } from './sealed.ts';
import { splitGiven } from './split-secret.ts';

const LOOK_MS = 20_000;

/**
 * The new link is looked at at once, so that one which cannot be read is refused while the person is still there. Whether
 * it is the same object is seen by the worker, before it reads on. The old secret is forgotten when the new one counts.
 */
export async function replaceLink(parts: ApiParts, input: ReplaceLinkInput, ask: Ask): Promise<Migration> {
  const { secrets } = parts.stores;
  const index = input.image ?? 0;
  const { link, secret } = splitGiven(input, '');
  const before = await currentOf(parts.stores, ask);
  // Before anything is asked of the network.
  requireAllowed(before, 'replace-link');
  if (index >= before.images.length) {
    const message = `there is no image ${index}: it has ${before.images.length}, counted from 0`;
    throw new ServiceError('invalid-request', message, { at: '/image' });
  }
  const { source } = imageAt(before, index);
  await requireReadable(
    parts,
    { source: { ...source, link, credentials: null }, secret, migration: before },
    ask.signal,
  );
  const after = await whileSealed(secrets, [secret], async ([credentials = null]) => {
    return await act(parts, ask, { kind: 'link-replaced', image: index, link, credentials, by: ask.by });
  });
  if (source.credentials !== null) await secrets.forget(source.credentials);
  return after;
}

interface Look {
  readonly source: ImageSource;
  readonly secret: Secret | null;
  readonly migration: Migration;
}

async function requireReadable(
  parts: ApiParts,
  { source, secret, migration }: Look,
  signal: AbortSignal,
): Promise<void> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  try {
    await using opened = await parts.openSource(source, { secret, hurried: true });
    await opened.identify(inTime);
  } catch (error) {
    signal.throwIfAborted();
    if (inTime.aborted || isOurNetwork(error)) {
      // A worker elsewhere may well reach what this machine does not.
      if (!migration.options.labels.includes(`provider:${parts.provider?.name ?? ''}`)) return;
      if (inTime.aborted)
        throw new DiskferryError('source-timeout', `${source.link} did not answer in ${LOOK_MS / 1000} s`);
    }
    throw error;
  }
}

function isOurNetwork(error: unknown): boolean {
  return error instanceof DiskferryError && (error.code === 'source-unreachable' || error.code === 'source-timeout');
}
