import type { Locator } from './locator.ts';

/** How a source is shown: to people, in logs and in errors. Never a user name, a password, a token or a signature. */
export function labelOf(locator: Locator): string {
  switch (locator.kind) {
    case 'file':
      return locator.path;
    case 'http':
      return labelOfUrl(new URL(locator.url));
    case 's3':
    case 'cos':
      return `${locator.kind}://${locator.bucket}/${locator.key}`;
    default:
      return locator satisfies never;
  }
}

/** The names of the query stay, for they tell presigned links from others; all values go. */
export function labelOfUrl(url: URL): string {
  const query = url.search.slice(1);
  const shown = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => (pair.includes('=') ? `${pair.slice(0, pair.indexOf('='))}=***` : '***'));
  return `${url.origin}${url.pathname}${shown.length > 0 ? `?${shown.join('&')}` : ''}`;
}
