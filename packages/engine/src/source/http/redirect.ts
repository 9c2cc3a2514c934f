import { DiskferryError } from '../../base/errors.ts';
import type { Exchange } from './exchange.ts';

export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** Where a redirect leads, or why it is not followed. The address behind it is checked when the connection is made. */
export function redirectTarget(exchange: Exchange): URL {
  const location = exchange.header('location');
  const from = exchange.url;
  if (location === undefined) throw refused(from, `answers ${exchange.status} without a Location`);
  if (!URL.canParse(location, from.href)) throw refused(from, 'redirects to what is not a link');
  const to = new URL(location, from);
  if (to.protocol !== 'https:' && to.protocol !== 'http:') throw refused(from, `redirects to ${to.protocol}`);
  if (from.protocol === 'https:' && to.protocol === 'http:') throw refused(from, 'redirects from https to http');
  // Credentials that a server puts into its redirect are not ours to send.
  to.username = '';
  to.password = '';
  to.hash = '';
  return to;
}

export function redirectedTooOften(from: URL, limit: number): DiskferryError {
  return refused(from, `redirects more than ${limit} times`);
}

function refused(from: URL, said: string): DiskferryError {
  return new DiskferryError('source-redirect', `${from.host} ${said}`);
}

/** Whether headers meant for `from` may travel to `to`: the same host, at most moved from http to https. */
export function keepsHeaders(from: URL, to: URL): boolean {
  if (from.origin === to.origin) return true;
  const upgraded = from.protocol === 'http:' && to.protocol === 'https:' && from.port === '' && to.port === '';
  return upgraded && from.hostname === to.hostname;
}
