import type { Identity, Layer } from '@diskferry/engine';
import type { BootProof } from '@diskferry/protocol';
import type { MigrationKind } from '../migrations/migration.ts';

/** What proves the result. Plain JSON; never a credential in it. Times are milliseconds since 1970, sizes bytes. */
export interface Receipt {
  readonly receipt: 'diskferry-1';
  readonly migration: { readonly id: string; readonly name: string; readonly kind: MigrationKind };
  readonly by: string;
  readonly createdAt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly images: readonly ReceiptImage[];
  /** What starting a copy of the disks has shown; null: none was started. Missing in receipts from before there was that. */
  readonly bootProof?: BootProof | null;
  readonly startedInstance: string | null;
  readonly worker: string;
  readonly version: string;
}

export interface ReceiptImage {
  /** As it is shown: without credentials. */
  readonly source: string;
  readonly identity: Identity;
  /** The digest of the object that was asked for and compared. */
  readonly checksum: string | null;
  readonly layers: readonly Layer[];
  readonly warnings: readonly string[];
  readonly fileSize: number | null;
  readonly virtualSize: number;
  /** The digest of the disk, made from those of its segments; null with verify none. */
  readonly digest: string | null;
  /** `none`: nothing was read back. `written`: what was written was. `full`: the whole disk was. All of it was equal. */
  readonly readBack: 'none' | 'written' | 'full';
  readonly target: {
    readonly provider: string;
    readonly volume: string;
    readonly instance: string | null;
    readonly size: number;
  };
}

/** Signed over the canonical JSON of `receipt` (RFC 8785), with Ed25519. */
export interface SignedReceipt {
  readonly receipt: Receipt;
  readonly signature: {
    readonly algorithm: 'Ed25519';
    /** Raw public key, base64. */
    readonly publicKey: string;
    /** base64 */
    readonly value: string;
  };
}
