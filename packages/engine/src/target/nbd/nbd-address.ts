import { DiskferryError } from '../../base/errors.ts';

/** Where an NBD export is served (NBD URI specification, doc/uri.md of the NBD project). */
export type NbdAddress = { readonly exportName: string; readonly label: string } & (
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly socket: string }
);

const DEFAULT_PORT = 10809;
/** The protocol's limit on every string. */
const NAME_LIMIT = 4096;

export function isNbdAddress(text: string): boolean {
  return /^nbds?(\+[a-z]+)?:/i.test(text);
}

/**
 * `nbd://host[:port]/export` and `nbd+unix:///export?socket=/path`.
 * @throws DiskferryError `usage`; `target-unsupported` for the addresses that ask for TLS
 */
export function parseNbdAddress(text: string): NbdAddress {
  const url = URL.parse(text);
  if (url === null) throw misspelt(text, 'is no address');
  const scheme = url.protocol.slice(0, -1);
  if (scheme.startsWith('nbds') || url.username !== '' || url.password !== '') {
    throw new DiskferryError('target-unsupported', `${scheme}: asks for TLS, which the NBD target does not speak`, {
      hint: 'Reach the server through a tunnel (ssh -L, stunnel) and give nbd://localhost:PORT/EXPORT.',
    });
  }
  const exportName = decodeName(url, text);
  if (scheme === 'nbd') return tcpAddress(url, exportName, text);
  if (scheme === 'nbd+unix') return unixAddress(url, exportName, text);
  throw misspelt(text, `has the scheme ${scheme}; nbd and nbd+unix are known`);
}

function tcpAddress(url: URL, exportName: string, text: string): NbdAddress {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw misspelt(text, 'names no host');
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  if (port === 0) throw misspelt(text, 'has the port 0; 1 to 65535 are allowed');
  return { kind: 'tcp', host, port, exportName, label: `nbd://${url.hostname}:${port}/${exportName}` };
}

function unixAddress(url: URL, exportName: string, text: string): NbdAddress {
  const socket = url.searchParams.get('socket');
  if (socket === null || !socket.startsWith('/')) throw misspelt(text, 'needs ?socket=/absolute/path');
  return { kind: 'unix', socket, exportName, label: `nbd+unix:///${exportName}?socket=${socket}` };
}

function decodeName(url: URL, text: string): string {
  let name: string;
  try {
    name = decodeURIComponent(url.pathname.replace(/^\//, ''));
  } catch {
    throw misspelt(text, 'has an export name that is not percent-encoded UTF-8');
  }
  const bytes = Buffer.byteLength(name);
  if (bytes > NAME_LIMIT) throw misspelt(text, `has an export name of ${bytes} bytes; ${NAME_LIMIT} are allowed`);
  if (name.includes('\0')) throw misspelt(text, 'has a NUL in its export name');
  return name;
}

function misspelt(text: string, what: string): DiskferryError {
  return new DiskferryError('usage', `${JSON.stringify(text.slice(0, 200))} ${what}`, {
    hint: 'Give nbd://HOST:PORT/EXPORT or nbd+unix:///EXPORT?socket=/PATH.',
  });
}
