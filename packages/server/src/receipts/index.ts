/** What is needed to check a receipt, without a service. */
export type { Receipt, ReceiptImage, SignedReceipt } from './receipt.ts';
export { verifyReceipt } from './verify-receipt.ts';
