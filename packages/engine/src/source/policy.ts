import ipaddr from 'ipaddr.js';
import { DiskferryError } from '../base/errors.ts';
import { isInRange } from './address-range.ts';

/**
 * Which addresses a source may connect to. A value, not a constant: the command trusts the host that was typed, the
 * service trusts only what its administrator lists. It is enforced on the resolved address when the connection is made
 * (`http/connect.ts`), so neither spelling (0x7f.1, ::ffff:127.0.0.1) nor a redirect nor a second DNS answer gets past.
 */
export interface AddressPolicy {
  /** The host that was named at the start may lie anywhere, also on a private address. */
  readonly allowNamedHost: boolean;
  /** Any host may. */
  readonly allowPrivate: boolean;
  /** These hosts may: names or literal addresses, compared without regard to case. */
  readonly allowHosts?: readonly string[];
  /** Addresses in these ranges are allowed like public ones, as `10.0.0.0/8`; a host may lie there by any name. */
  readonly allowRanges?: readonly string[];
  /**
   * Refuse an object that has neither a strong ETag, nor a modification date, nor a version: a change of it during the
   * copy could not be seen. Default false.
   */
  readonly requireValidator?: boolean;
}

/** On the command line: what the person typed is meant, where it redirects to is not. */
export const COMMAND_POLICY: AddressPolicy = { allowNamedHost: true, allowPrivate: false };

/** For a service that opens links of strangers. */
export const SERVICE_POLICY: AddressPolicy = { allowNamedHost: false, allowPrivate: false, requireValidator: true };

/** Whether an address is an ordinary one of the internet. Mapped IPv4 is unwrapped; what cannot be read is not. */
export function isPublicAddress(address: string): boolean {
  try {
    return ipaddr.process(address).range() === 'unicast';
  } catch {
    return false;
  }
}

/** Whether the policy lets any host lie at this address. */
export function isAllowedAddress({ allowRanges = [] }: AddressPolicy, address: string): boolean {
  return isPublicAddress(address) || allowRanges.some((range) => isInRange(address, range));
}

/** Whether the policy lets this host lie at any address. `named` is the host that was typed. */
export function isTrustedHost(policy: AddressPolicy, host: string, named: string): boolean {
  if (policy.allowPrivate || (policy.allowNamedHost && sameHost(host, named))) return true;
  return (policy.allowHosts ?? []).some((allowed) => sameHost(allowed, host));
}

function sameHost(a: string, b: string): boolean {
  return bare(a) === bare(b);
}

/** Brackets of an IPv6 literal and the dot of an absolute name do not make another host. */
function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

export function addressRefused(host: string, address: string): DiskferryError {
  const where = host === address ? address : `${host} (${address})`;
  return new DiskferryError(
    'source-address',
    `${where} is a private, loopback or otherwise special address, where the source is not allowed to lie`,
  );
}
