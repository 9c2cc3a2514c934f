/** What opens a source and is never shown: not in events, logs, errors, answers or receipts. */
export interface Secret {
  /** The whole link, where it carries a signature or a password that its label leaves out. */
  readonly link?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** Of temporary keys. */
  readonly sessionToken?: string;
  /** Sent with every request to the host of the link. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where secrets lie, sealed. The key is not in the database. */
export interface SecretStore {
  /** @returns the id under which it is kept */
  seal(secret: Secret): Promise<string>;
  /** @throws ServiceError `secret-unreadable` where it is gone, damaged or sealed with another key */
  open(id: string): Promise<Secret>;
  forget(id: string): Promise<void>;
}
