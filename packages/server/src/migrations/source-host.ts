/**
 * What a link is read from, as limits name it: the host of an http link with its port where that is not the usual one, the
 * bucket of an object, or `file`. The same text for all links that go there, whatever their case.
 */
export function sourceHost(link: string): string {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(link) ?? [];
  switch (scheme.toLowerCase()) {
    case 'http':
    case 'https':
      return URL.canParse(link) ? new URL(link).host : authorityOf(rest);
    case 's3':
    case 'cos':
      return authorityOf(rest);
    default:
      return 'file';
  }
}

function authorityOf(rest: string): string {
  return /^[^/?#]*/.exec(rest)?.[0].toLowerCase() ?? '';
}

/** Each host that a migration reads from, once. */
export function sourceHosts(images: readonly { readonly source: { readonly link: string } }[]): string[] {
  return [...new Set(images.map(({ source }) => sourceHost(source.link)))].toSorted();
}
