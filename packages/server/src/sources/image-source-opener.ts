import {
  DiskferryError,
  isAddressRange,
  openSource,
  parseLocator,
  SERVICE_POLICY,
  type AddressPolicy,
  type Credentials,
  type OpenSourceOptions,
} from '@diskferry/engine';
import { ServiceError } from '../base/errors.ts';
import type { ImageSource } from '../migrations/migration.ts';
import type { Secret } from '../secrets/secret.ts';
import { declaredChecksum } from './image-options.ts';
import type { OpenImageSource, SourceRules } from './source-rules.ts';
import { shownLink } from './split-link.ts';

/** For a look beforehand: whoever looks tries again, a copy would for minutes. A server that says "later" is asked no more. */
const HURRIED: Pick<OpenSourceOptions, 'retry' | 'timeouts'> = {
  retry: { attempts: 2, firstAttempts: 1, busyPatienceMs: 0 },
  timeouts: { connectMs: 5000, headersMs: 10_000, idleMs: 10_000, windowMs: 10_000 },
};

/**
 * Opens sources as the rules of the administrator allow: public addresses, and what is listed. The engine looks at every
 * address when it connects and at every file once it is open; here is only said what it has to allow.
 * @throws ServiceError `invalid-request` for a range of addresses that is none
 */
export function imageSourceOpener(rules: SourceRules): OpenImageSource {
  const policy = policyOf(rules);
  return async (source, { secret, connections, bandwidths, count, hurried, onRetry }) => {
    const link = wholeLink(source, secret);
    requireListed(link, rules);
    return refusing(() =>
      openSource(link, {
        policy,
        folders: rules.folders,
        ca: rules.ca,
        credentials: credentialsOf(secret),
        headers: secret?.headers,
        ...placeOf(source),
        ...(source.checksum === null ? {} : { checksum: declaredChecksum(source.checksum) }),
        connections,
        bandwidth: bandwidths,
        count,
        timeouts: hurried === true ? HURRIED.timeouts : undefined,
        retry: { ...(hurried === true ? HURRIED.retry : {}), onRetry },
      }),
    );
  };
}

function policyOf({ allowHosts, allowRanges }: SourceRules): AddressPolicy {
  const wrong = allowRanges.find((range) => !isAddressRange(range));
  if (wrong === undefined) return { ...SERVICE_POLICY, allowHosts, allowRanges };
  throw new ServiceError('invalid-request', `${JSON.stringify(wrong)} is no range of addresses, as 10.0.0.0/8`);
}

/** What is shown opens nothing where its query was taken out of it. */
function wholeLink({ link }: ImageSource, secret: Secret | null): string {
  const whole = secret?.link ?? link;
  shownLink(whole);
  if (secret?.link !== undefined || !/[?&][^?&]*\*\*\*(?:&|$)/.test(link)) return whole;
  throw new ServiceError('secret-unreadable', `the whole link of ${link} is not among its secrets`);
}

function requireListed(link: string, { folders }: SourceRules): void {
  if (parseLocator(link).kind !== 'file' || folders.length > 0) return;
  throw new ServiceError('source-not-allowed', 'files of the machine itself may not be taken: no folder is listed');
}

function credentialsOf(secret: Secret | null): Credentials | undefined {
  const { accessKeyId, secretAccessKey, sessionToken } = secret ?? {};
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId !== undefined && secretAccessKey !== undefined) return { accessKeyId, secretAccessKey, sessionToken };
  throw new ServiceError('invalid-request', 'the credentials are half: an access key and its secret belong together');
}

/** A region becomes a part of a host name, an endpoint is kept in the open: neither may hold anything else. */
function placeOf({ region, endpoint, pathStyle }: ImageSource): OpenSourceOptions {
  if (region !== null && !/^[a-z0-9][a-z0-9-]{0,62}$/i.test(region)) {
    throw new ServiceError('invalid-request', `the region ${JSON.stringify(region.slice(0, 80))} cannot be one`);
  }
  if (endpoint !== null && !isPlainEndpoint(endpoint)) {
    throw new ServiceError('invalid-request', 'an endpoint is scheme, host and port, as in https://minio.example:9000');
  }
  return {
    ...(region === null ? {} : { region }),
    ...(endpoint === null ? {} : { endpoint }),
    // False is what was not asked for: then the engine knows best.
    ...(pathStyle ? { pathStyle } : {}),
  };
}

function isPlainEndpoint(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, username, password, search, hash } = new URL(endpoint);
  return (protocol === 'https:' || protocol === 'http:') && username + password + search + hash === '';
}

/** What the engine calls `usage` is here a request that cannot be. */
function refusing<Value>(open: () => Value): Value {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof DiskferryError) || error.code !== 'usage') throw error;
    throw new ServiceError('invalid-request', error.message.replace(/: give it with --region$/, ''), { cause: error });
  }
}
