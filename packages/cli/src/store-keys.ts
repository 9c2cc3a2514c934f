import type { Credentials } from '@diskferry/engine';
import { DiskferryError } from '@diskferry/engine';
import type { StoreConfiguration } from './configuration.ts';
import type { SourceFlags } from './source-flags.ts';

export type Store = 's3' | 'cos';

/** Environment variables of each store's own tools, first found first taken. */
const ENVIRONMENT: Readonly<Record<Store, Readonly<Record<keyof StoreConfiguration, readonly string[]>>>> = {
  s3: {
    accessKeyId: ['AWS_ACCESS_KEY_ID'],
    secretAccessKey: ['AWS_SECRET_ACCESS_KEY'],
    sessionToken: ['AWS_SESSION_TOKEN'],
    region: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    endpoint: ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'],
  },
  cos: {
    accessKeyId: ['TENCENTCLOUD_SECRET_ID', 'COS_SECRET_ID'],
    secretAccessKey: ['TENCENTCLOUD_SECRET_KEY', 'COS_SECRET_KEY'],
    sessionToken: ['TENCENTCLOUD_TOKEN', 'COS_SESSION_TOKEN'],
    region: ['TENCENTCLOUD_REGION', 'COS_REGION'],
    endpoint: ['COS_ENDPOINT'],
  },
};

export interface StoreAccess {
  readonly credentials?: Credentials;
  readonly region?: string;
  readonly endpoint?: string;
}

/**
 * Keys from the flags, else from the environment, else from the configuration file: all of one place, never a mixture.
 * None anywhere: anonymous.
 */
export function storeAccess(
  store: Store,
  from: { readonly flags: SourceFlags; readonly env: NodeJS.ProcessEnv; readonly file: StoreConfiguration },
): StoreAccess {
  const { flags, file } = from;
  const env = fromEnvironment(store, from.env);
  const places: StoreConfiguration[] = [fromFlags(flags), env, file];
  const keys = places.map(credentialsOf).find((found) => found !== undefined);
  const region = flags.region ?? env.region ?? file.region;
  const endpoint = flags.endpoint ?? env.endpoint ?? file.endpoint;
  return { ...(keys && { credentials: keys }), ...(region && { region }), ...(endpoint && { endpoint }) };
}

function fromFlags(flags: SourceFlags): StoreConfiguration {
  return {
    ...(flags.accessKey !== undefined && { accessKeyId: flags.accessKey }),
    ...(flags.secretKey !== undefined && { secretAccessKey: flags.secretKey }),
    ...(flags.sessionToken !== undefined && { sessionToken: flags.sessionToken }),
  };
}

function fromEnvironment(store: Store, env: NodeJS.ProcessEnv): StoreConfiguration {
  const found = Object.entries(ENVIRONMENT[store]).map(([key, names]) => [
    key,
    names.map((name) => env[name]).find(Boolean),
  ]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as StoreConfiguration;
}

function credentialsOf(place: StoreConfiguration): Credentials | undefined {
  const { accessKeyId, secretAccessKey, sessionToken } = place;
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new DiskferryError('usage', 'an access key and its secret key are given together, or neither of them');
  }
  return { accessKeyId, secretAccessKey, sessionToken };
}
