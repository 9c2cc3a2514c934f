import type { SignedReceipt } from './receipt.ts';

/** One receipt for each migration that succeeded. Written with the fence; written again it must be the same disk. */
export interface ReceiptStore {
  /** @throws ServiceError `stale-fence` */
  keep(id: string, fence: number, receipt: SignedReceipt): Promise<void>;
  /** @throws ServiceError `not-found` */
  read(id: string): Promise<SignedReceipt>;
}
