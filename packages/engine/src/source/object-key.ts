import { DiskferryError } from '../base/errors.ts';

/**
 * The key of an object as the path of a link: every byte but the unreserved ones of RFC 3986 and the slash is encoded, so
 * that a plus, a space, a question mark and several slashes in a row survive.
 * @throws DiskferryError `usage` for a key with a `.` or `..` segment: every link would resolve it away
 */
export function pathOfKey(key: string): string {
  const segments = key.split('/');
  if (segments.includes('.') || segments.includes('..')) {
    throw new DiskferryError('usage', 'a key with the segment "." or ".." cannot be addressed by a link');
  }
  return `/${segments.map(encodeStrictly).join('/')}`;
}

/** The key that the path of a link means. */
export function keyOfPath(path: string): string {
  try {
    return decodeURIComponent(path.replace(/^\//, ''));
  } catch {
    throw new DiskferryError('usage', 'the path of the link is not properly percent-encoded UTF-8');
  }
}

/** RFC 3986, 2.3: `encodeURIComponent` leaves five characters that signatures want encoded. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** What stands behind the last slash: the name to show and to match companions by. */
export function nameOfKey(key: string): string {
  return key.replace(/\/+$/, '').split('/').at(-1) ?? '';
}
