import {
  compareDisks,
  Meter,
  openImage,
  openSource,
  openBytes,
  openTarget,
  parseTargetLocator,
  type Bytes,
} from '@diskferry/engine';
import type { Context } from '../context.ts';
import { openOptions } from '../open-flags.ts';
import { showProgress } from '../progress/show.ts';
import type { SourceFlags } from '../source-flags.ts';
import { openSources } from '../sources.ts';
import { formatBytes } from '../units.ts';

interface VerifyCall {
  readonly source: string;
  readonly target: string;
  readonly flags: SourceFlags & { readonly json?: boolean; readonly quiet?: boolean };
}

/** `diskferry verify SOURCE TARGET`: reads both and compares every byte; the target is only read. */
export async function verify(call: VerifyCall, context: Context): Promise<void> {
  const { flags } = call;
  const { signal } = context;
  const meter = new Meter();
  await using sources = await openSources(call.source, flags, (bytes) => (meter.bytesRead += bytes));
  await using opened = await openImage(sources.main, openOptions(flags, sources, signal));
  meter.sourceSize = opened.fileSize;
  await using disk = await readable(call.target, signal);
  const progress = showProgress(meter, flags);
  try {
    await opened.precheck?.(signal);
    const { virtualSize, digest } = await compareDisks(opened.origin, disk, {
      meter,
      width: sources.connections,
      signal,
    });
    const report = { equal: true, format: opened.facts.format, virtualSize, digest };
    progress.stop();
    process.stdout.write(
      flags.json ? `${JSON.stringify(report)}\n` : `equal: ${formatBytes(virtualSize)}\n  digest ${digest}\n`,
    );
  } finally {
    progress.stop();
  }
}

/** The target for reading only: no lock is taken and nothing can be changed. An NBD export is opened as for a copy. */
async function readable(typed: string, signal: AbortSignal): Promise<Bytes & AsyncDisposable> {
  const locator = parseTargetLocator(typed);
  if (locator.kind === 'path') {
    const source = openSource({ kind: 'file', path: locator.path });
    return openBytes(source, await source.identify(signal));
  }
  const target = await openTarget(locator);
  const { readBack } = target;
  if (!readBack) throw new Error(`${target.label} cannot be read`);
  return {
    size: readBack.size,
    read: (offset, into, stop) => readBack.read(offset, into, stop),
    [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
  };
}
