/** A secret as it is kept: nobody reads it without the key. Base64. */
export interface SealedSecret {
  readonly id: string;
  /** Tells which key sealed it, and nothing of the key. */
  readonly keyId: string;
  readonly nonce: string;
  /** The encrypted text and behind it the tag. */
  readonly sealed: string;
}

export interface SealedRecords {
  add(secret: SealedSecret): Promise<void>;
  find(id: string): Promise<SealedSecret | undefined>;
  /** Of what is gone succeeds. */
  delete(id: string): Promise<void>;
}
