/** What the command uses of the service. */
export { verifyReceipt } from './receipts/verify-receipt.ts';
export type { Receipt, ReceiptImage, SignedReceipt } from './receipts/receipt.ts';
export { serve } from './service/serve.ts';
export { work } from './service/work.ts';
