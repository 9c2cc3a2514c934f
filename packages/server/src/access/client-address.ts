import { isIP } from 'node:net';

const LONGEST = 100;

/** Whom an address is counted as: an IPv6 client has a whole network of 64 bits to choose from. */
export function addressKey(from: string): string {
  const address = from.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIP(address) !== 6) return address.slice(0, LONGEST);
  const [head = '', tail] = withoutDots(address).split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => '0');
  const network = [...first, ...zeros, ...last].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

/** The last four bytes may be written as IPv4; they are not in the network. */
function withoutDots(address: string): string {
  return address.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0');
}
