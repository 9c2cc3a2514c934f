/** Keys of an object store: access key of S3, SecretId and SecretKey of Tencent Cloud. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys. */
  readonly sessionToken?: string | undefined;
}

/** Keys, or where to get them: asked before every request, so that temporary ones can be renewed. */
export type CredentialsSource = Credentials | (() => Promise<Credentials>);

export async function currentCredentials(from: CredentialsSource): Promise<Credentials> {
  return typeof from === 'function' ? from() : from;
}
