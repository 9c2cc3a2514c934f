import type { LoggedEvent } from '../migrations/event.ts';
import type { Migration } from '../migrations/migration.ts';
import type { Receipt, ReceiptImage } from '../receipts/receipt.ts';
import type { CheckpointFolder } from './land/checkpoint-folder.ts';
import { instancesOf } from './holds.ts';
import type { Work } from './work.ts';

/** What proves the result, from what the migration, as it is at its end, and its checkpoints tell. */
export async function makeReceipt(work: Work, migration: Migration, now = Date.now()): Promise<Receipt> {
  const { id, name, kind, createdBy: by, createdAt, options } = migration;
  const log = await work.shared.stores.migrations.events(id, 0);
  return {
    receipt: 'diskferry-1',
    migration: { id, name, kind },
    by,
    createdAt,
    startedAt: firstTaken(log) ?? now,
    endedAt: now,
    images: await Promise.all(migration.images.map((_, index) => receiptImage(work, work.checkpoints, index))),
    bootProof: migration.bootProof ?? null,
    startedInstance: options.startAfterwards ? (instancesOf(migration)[0] ?? null) : null,
    worker: work.shared.id,
    version: work.shared.version,
  };
}

function firstTaken(log: readonly LoggedEvent[]): number | undefined {
  return log.find(({ event }) => event.kind === 'taken')?.at;
}

async function receiptImage(work: Work, checkpoints: CheckpointFolder, index: number): Promise<ReceiptImage> {
  const { migration } = work.lease;
  const image = migration.images[index];
  if (image === undefined) throw new RangeError(`there is no image ${index}`);
  const { source, target } = image;
  const { targetSize, ...landed } = await checkpoints.readLanded(migration.id, index);
  return {
    source: source.link,
    checksum: source.checksum,
    ...landed,
    readBack: migration.options.verify,
    target: { provider: work.shared.provider.name, ...target, size: targetSize },
  };
}
