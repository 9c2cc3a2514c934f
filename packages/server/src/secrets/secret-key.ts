import { loadKeyFile, parseKey } from '../base/key-file.ts';

/**
 * The key that seals secrets: `DISKFERRY_SECRET_KEY` (32 bytes in base64) where it is set, otherwise the file, which is made
 * at the first start. Workers on other machines need the same one.
 * @throws ServiceError `key-unusable`
 */
export async function loadSecretKey(from: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: string;
}): Promise<Uint8Array> {
  const given = from.env['DISKFERRY_SECRET_KEY'];
  return given === undefined || given === '' ? loadKeyFile(from.file) : parseKey(given, 'DISKFERRY_SECRET_KEY');
}
