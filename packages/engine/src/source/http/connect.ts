import { lookup } from 'node:dns/promises';
import { connect as connectPlain, isIP, type LookupFunction } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { DiskferryError } from '../../base/errors.ts';
import { addressRefused, isAllowedAddress, isPublicAddress, isTrustedHost, type AddressPolicy } from '../policy.ts';
import type { Dial } from './wire/connection.ts';

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
  /** For all addresses of a name together, and for TLS; it is kept by whoever waits (`watch.ts`). */
  readonly connectMs: number;
  readonly resolve?: Resolver | undefined;
  /** Certificates of authorities to trust besides the system's, PEM. */
  readonly ca?: string | undefined;
}

/**
 * Connects only where the policy allows. The address that was checked is the one that is connected to: the check sits in
 * the lookup of the socket itself, so there is no second resolution to lie in.
 * @returns a dial that throws DiskferryError `source-address` for a literal address that is not allowed
 */
export function dialFor(options: ConnectOptions): Dial {
  const lookup = checkedLookup(options);
  const autoSelectFamilyAttemptTimeout = Math.max(10, Math.min(ATTEMPT_MS, options.connectMs / 4));
  let context: SecureContext | undefined;
  return (url, onread) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const isLiteral = isIP(host) !== 0;
    if (isLiteral && !isAllowed(options, host, host)) throw addressRefused(host, host);
    const isSecure = url.protocol === 'https:';
    const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
    const how = { host, port, lookup, onread, autoSelectFamily: true, autoSelectFamilyAttemptTimeout, ...SOCKET };
    if (!isSecure) return connectPlain(how);
    context ??= contextFor(options);
    const name = isLiteral ? {} : { servername: host };
    return secured(tls().connect({ ...how, ...TLS, secureContext: context, ...name }));
  };
}

/**
 * How long one of several addresses is tried before the next. Node's 250 ms give up a server on the other side of the
 * world, and then the last address decides alone, reachable or not.
 */
const ATTEMPT_MS = 1000;

/** A gateway between forgets connections that are silent: so they are probed every minute. */
const SOCKET = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };

/** The environment (NODE_TLS_REJECT_UNAUTHORIZED) shall not switch off what is said here. */
const TLS = { rejectUnauthorized: true, ALPNProtocols: ['http/1.1'] };

/** Loaded where a link needs it: it takes as long as fifty files of ours. */
function tls(): typeof import('node:tls') {
  return process.getBuiltinModule('node:tls');
}

function contextFor({ ca }: ConnectOptions): SecureContext {
  return tls().createSecureContext({
    minVersion: 'TLSv1.2',
    // A list of one's own replaces the default one, so that is given again with it.
    ...(ca === undefined ? {} : { ca: [...tls().getCACertificates('default'), ca] }),
  });
}

function secured(socket: TLSSocket): TLSSocket {
  return socket.prependOnceListener('secureConnect', () => {
    if (!socket.authorized) socket.destroy(socket.authorizationError);
    else if (socket.alpnProtocol !== false && socket.alpnProtocol !== 'http/1.1') {
      socket.destroy(new DiskferryError('source-tls', 'the server chose a protocol that was not offered to it'));
    }
  });
}

function isAllowed(options: ConnectOptions, host: string, address: string): boolean {
  return isTrustedHost(options.policy, host, options.named) || isAllowedAddress(options.policy, address);
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
            ? isAllowedAddress(options.policy, address)
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
