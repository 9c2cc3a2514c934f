import ipaddr from 'ipaddr.js';

type Parsed = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Whether a text is a range of addresses, as `10.0.0.0/8` or `fd00::/8`. */
export function isAddressRange(text: string): boolean {
  return parsed(text) !== undefined;
}

/** Mapped IPv4 counts as IPv4 on both sides. What cannot be read lies in no range. */
export function isInRange(address: string, range: string): boolean {
  const [network, bits] = parsed(range) ?? [];
  if (network === undefined || bits === undefined || !ipaddr.isValid(address)) return false;
  const found = ipaddr.process(address);
  return found.kind() === network.kind() && found.match(network, bits);
}

const MAPPED_BITS = 96;

/** The shortened spellings of IPv4 (`10/8`, `0x0a.0.0.0/8`) are left out: nobody reads them in one way only. */
function parsed(text: string): Parsed | undefined {
  if (!/^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)\/\d{1,3}$/i.test(text)) return undefined;
  try {
    const [network, bits] = ipaddr.parseCIDR(text);
    if (!(network instanceof ipaddr.IPv6) || !network.isIPv4MappedAddress()) return [network, bits];
    return bits < MAPPED_BITS ? undefined : [network.toIPv4Address(), bits - MAPPED_BITS];
  } catch {
    return undefined;
  }
}
