import { VERSION } from '../base/version.ts';
import type { Provider } from '../providers/provider.ts';
import { signReceipt } from '../receipts/sign-receipt.ts';
import { type RunningWorker, startWorker } from '../worker/worker.ts';
import type { Base } from './base.ts';
import { takeSeat } from './worker-seat.ts';

/** A worker over what this process has, in the place of the one that was here before. */
export async function openWorker(base: Base, provider: Provider): Promise<RunningWorker> {
  const { configuration, stores, openSource, signingKey, folder, host, workerId, log } = base;
  const { labels, leaseMs, patienceMs, proofMs } = configuration.worker;
  await using begun = new AsyncDisposableStack();
  const seat = begun.use(await takeSeat(folder, workerId, stores.migrations));
  if (seat.released > 0)
    log.info({ migrations: seat.released }, 'the worker before this one has died: what it held is free');
  const worker = await startWorker({
    stores,
    provider,
    openImageSource: openSource,
    sign: (receipt) => signReceipt(receipt, signingKey),
    dataFolder: folder.worker,
    id: workerId,
    host,
    version: VERSION,
    labels,
    log: (level, message, about) => log[level](about ?? {}, message),
    times: { lease: leaseMs, patience: patienceMs, proof: proofMs },
  });
  const held = begun.move();
  let leaving: Promise<void> | undefined;
  const leave = () => worker.stop().finally(() => held.disposeAsync());
  return { ...worker, stop: () => (leaving ??= leave()) };
}
