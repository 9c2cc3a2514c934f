const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A name from a package, up to its first NUL: UTF-8, or where it is none the bytes one by one (Latin-1), so that two
 * names of different bytes never become the same text.
 */
export function decodeName(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const name = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return UTF8.decode(name);
  } catch {
    return Buffer.from(name).toString('latin1');
  }
}
