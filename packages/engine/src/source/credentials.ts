import { DiskferryError } from '../base/errors.ts';

/** Keys of an object store: access key of S3, SecretId and SecretKey of Tencent Cloud. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys. */
  readonly sessionToken?: string | undefined;
}

/** Keys, or where to get them: asked before every request, so that temporary ones can be renewed. */
export type CredentialsSource = Credentials | (() => Promise<Credentials>);

/** @throws DiskferryError `source-denied` where there are none to be had */
export async function currentCredentials(from: CredentialsSource): Promise<Credentials> {
  if (typeof from !== 'function') return from;
  try {
    return await from();
  } catch (cause) {
    if (cause instanceof DiskferryError) throw cause;
    throw new DiskferryError('source-denied', 'the credentials could not be had', { cause });
  }
}
