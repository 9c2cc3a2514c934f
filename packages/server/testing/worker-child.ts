import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { signReceipt } from '../src/receipts/sign-receipt.ts';
import { SigningKey } from '../src/receipts/signing-key.ts';
import { imageSourceOpener } from '../src/sources/image-source-opener.ts';
import { openStores } from '../src/store/open-stores.ts';
import { startWorker } from '../src/worker/worker.ts';
import { openLocal } from './local-cloud.ts';
import { TEST_KEY } from './test-key.ts';

/**
 * `worker-child.ts WHERE FOLDER LEASE`: a worker in a process of its own, with its cloud below the folder. Says `ready`
 * when it works and `over` when it has ended, which SIGTERM asks for.
 */
const [where = '', folder = '', lease = ''] = process.argv.slice(2);
const key = new SigningKey(new Uint8Array(32).fill(9));
await using stores = await openStores(where, { secretKey: TEST_KEY });
await using provider = await openLocal(join(folder, 'cloud'));
const worker = await startWorker({
  stores,
  provider,
  openImageSource: imageSourceOpener({ allowHosts: ['127.0.0.1'], allowRanges: [], folders: [] }),
  sign: (receipt) => signReceipt(receipt, key),
  dataFolder: folder,
  id: `w-${process.pid}`,
  host: 'here',
  version: '0.0.0',
  log: (level, message, about) => writeSync(2, `${level} ${message} ${JSON.stringify(about ?? {})}\n`),
  times: { lease: Number(lease), poll: 50, report: 500, firstWait: 50, longestWait: 500, grace: 1000 },
});
const stopped = Promise.withResolvers<void>();
process.once('SIGTERM', () => stopped.resolve());
writeSync(1, 'ready\n');
await stopped.promise;
await worker.stop();
writeSync(1, 'over\n');
