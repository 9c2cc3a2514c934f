import { VERSION } from '../base/version.ts';
import type { Provider } from '../providers/provider.ts';
import { signReceipt } from '../receipts/sign-receipt.ts';
import { type RunningWorker, startWorker } from '../worker/worker.ts';
import type { Base } from './base.ts';

/** A worker over what this process has. */
export function openWorker(base: Base, provider: Provider): Promise<RunningWorker> {
  const { configuration, stores, openSource, signingKey, folder, host, workerId, log } = base;
  const { labels, leaseMs, patienceMs, proofMs } = configuration.worker;
  return startWorker({
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
}
