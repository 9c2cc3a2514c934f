import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import { DiskferryError } from '../../base/errors.ts';
import { addressRefused, isPublicAddress, isTrustedHost, type AddressPolicy } from '../policy.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Resolves a name to all its addresses. Tests bring their own. */
export type Resolver = (host: string) => Promise<readonly ResolvedAddress[]>;

export interface ConnectOptions {
  readonly policy: AddressPolicy;
  /** The host that was typed: the one that `allowNamedHost` speaks of. */
  readonly named: string;
  readonly connectMs: number;
  readonly resolve?: Resolver | undefined;
  /** Certificates of authorities to trust besides the system's, PEM. */
  readonly ca?: string | undefined;
}

/**
 * An agent that connects only where the policy allows. The address that was checked is the one that is connected to:
 * the check sits in the lookup of the socket itself, so there is no second resolution to lie in.
 */
export function agentFor(options: ConnectOptions): Agent {
  const base = buildConnector({
    allowH2: false,
    timeout: options.connectMs,
    lookup: checkedLookup(options),
    autoSelectFamily: true,
    // A list of one's own replaces the default one, so that is given again with it.
    ...(options.ca === undefined ? {} : { ca: [...getCACertificates('default'), options.ca] }),
  } as buildConnector.BuildOptions);
  return new Agent({
    // The timeouts of `exchange.ts` know whether somebody waits; those of undici do not.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 64 * 1024,
    pipelining: 1,
    connect: (target, callback) => {
      const literal = target.hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) !== 0 && !isAllowed(options, literal, literal)) {
        callback(addressRefused(literal, literal), null);
        return;
      }
      base(target, callback);
    },
  });
}

function isAllowed(options: ConnectOptions, host: string, address: string): boolean {
  return isTrustedHost(options.policy, host, options.named) || isPublicAddress(address);
}

/** Resolves as the policy allows: addresses that are not allowed are not there. */
export function checkedLookup(options: ConnectOptions): LookupFunction {
  const resolve = options.resolve ?? ((host: string) => lookup(host, { all: true, verbatim: true }));
  // A trusted name that was public at first and turns private later has been rebound: trust was given to the first.
  const seenPublic = new Set<string>();
  return (host, how, callback) => {
    resolve(host).then(
      (addresses) => {
        const allowed = addresses.filter(({ address }) =>
          seenPublic.has(host) && !options.policy.allowPrivate
            ? isPublicAddress(address)
            : isAllowed(options, host, address),
        );
        const first = allowed[0];
        if (first === undefined) return callback(refusal(host, addresses), '', 0);
        if (addresses.every(({ address }) => isPublicAddress(address))) seenPublic.add(host);
        if (how.all) callback(null, [...allowed]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
    );
  };
}

function refusal(host: string, addresses: readonly ResolvedAddress[]): DiskferryError {
  const first = addresses[0];
  if (first !== undefined) return addressRefused(host, first.address);
  return new DiskferryError('source-unreachable', `${host} has no address`, { retry: 'later' });
}
