/** Of this service: what workers report and receipts name. */
export const VERSION = '0.1.0';
