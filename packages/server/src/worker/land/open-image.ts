import { DiskferryError, openImage, withTiming, type Meter, type RetryEvent } from '@diskferry/engine';
import type { MigratedImage } from '../../migrations/migration.ts';
import { sourceHost } from '../../migrations/source-host.ts';
import { objectIdentity } from '../../preflight/identity.ts';
import { imageOptions } from '../../sources/image-options.ts';
import { TimedBandwidth } from '../bandwidth/timed-bandwidth.ts';
import type { Work } from '../work.ts';

/**
 * Opens the image of a migration under all limits, and sees to it that it is the very object that was checked.
 * @returns to be disposed: it closes the source as well
 * @throws DiskferryError `source-changed` where it is another one
 */
export async function openMigratedImage(work: Work, image: MigratedImage, meter: Meter) {
  const { shared, connections, bandwidthsFor, signal, say } = work;
  const { source } = image;
  await using closing = new AsyncDisposableStack();
  const secret = source.credentials === null ? null : await shared.stores.secrets.open(source.credentials);
  const bandwidths = bandwidthsFor(sourceHost(source.link)).map((one) => new TimedBandwidth(one, meter));
  const count = (bytes: number) => (meter.bytesRead += bytes);
  const onRetry = ({ error, attempt, waitMs }: RetryEvent) => {
    say('warn', `the source: ${error.message} (${error.code}); try ${attempt + 1} in ${Math.round(waitMs)} ms`);
  };
  const plain = await shared.openImageSource(source, { secret, connections, bandwidths, count, onRetry });
  const timed = closing.use(withTiming(plain, (ms) => (meter.streamWaited += ms)));
  const opened = closing.use(await openImage(timed, { ...imageOptions(source), signal }));
  meter.sourceSize = opened.fileSize;
  requireChecked(image, objectIdentity(timed.name, opened.identity));
  const open = closing.move();
  return { opened, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
}

function requireChecked({ identity, source }: MigratedImage, found: string): void {
  if (identity === found) return;
  throw new DiskferryError('source-changed', `${source.link} was ${identity} when it was checked, and is ${found}`);
}
