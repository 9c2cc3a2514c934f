import { createHash, createHmac, randomBytes } from 'node:crypto';

/** 256 random bits, so nobody guesses one: a plain digest of it may be kept. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a cookie, a code or a token. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** What changing requests send along. It follows from the cookie, and leads nobody back to it; nothing of it is kept. */
export function csrfOf(cookie: string): string {
  return createHmac('sha256', cookie).update('csrf').digest('base64url');
}

/** What is longer was not made here, and is not even looked at. */
export function looksLikeSecret(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}
