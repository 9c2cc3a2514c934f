import { randomBytes } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ServiceError } from './errors.ts';

const KEY_BYTES = 32;
/** 32 bytes in base64, and the end of the line. */
const MOST = 100;

/**
 * The 32 bytes of a key file, which is made where there is none: written beside and linked to its name once it is on the
 * disk, so that a crash leaves no half key and of two that start at once both get the same.
 * @throws ServiceError `key-unusable` where others may read it, or it does not hold a key
 */
export async function loadKeyFile(file: string): Promise<Uint8Array> {
  const kept = await readKey(file);
  if (kept) return kept;
  const made = `${file}.${randomBytes(6).toString('hex')}.new`;
  try {
    await writeKey(made, randomBytes(KEY_BYTES));
    await link(made, file).catch(ignore('EEXIST'));
  } finally {
    await rm(made, { force: true });
  }
  await syncFolder(dirname(file));
  const key = await readKey(file);
  if (key) return key;
  throw unusable(file, 'it was taken away while it was being made');
}

/** A key in base64, as it stands in a file or in the environment. @throws ServiceError `key-unusable` */
export function parseKey(text: string, where: string): Uint8Array {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === KEY_BYTES && key.toString('base64') === text.trim()) return new Uint8Array(key);
  throw unusable(where, `it does not hold ${KEY_BYTES} bytes in base64`);
}

async function readKey(file: string): Promise<Uint8Array | undefined> {
  const handle = await open(file, 'r').catch(ignore('ENOENT'));
  if (!handle) return undefined;
  try {
    const { mode, uid, size } = await handle.stat();
    if ((mode & 0o077) !== 0) throw unusable(file, `others may use it (mode ${(mode & 0o777).toString(8)}): chmod 600`);
    const own = process.getuid?.() ?? uid;
    if (uid !== own && uid !== 0) throw unusable(file, `it belongs to the user ${uid}`);
    if (size > MOST) throw unusable(file, `it does not hold ${KEY_BYTES} bytes in base64`);
    return parseKey(await handle.readFile('latin1'), file);
  } finally {
    await handle.close();
  }
}

async function writeKey(file: string, key: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${Buffer.from(key).toString('base64')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignore(code: string): (thrown: unknown) => undefined {
  return (thrown) => {
    if ((thrown as { code?: unknown }).code !== code) throw thrown;
  };
}

function unusable(where: string, why: string): ServiceError {
  return new ServiceError('key-unusable', `the key ${where} cannot be used: ${why}`);
}
