import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ServiceError } from '../base/errors.ts';
import { isPostgres } from '../base/is-postgres.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { unknownVariables } from '../configuration/environment.ts';
import type { Provider } from '../providers/provider.ts';
import { loadSigningKey, type SigningKey } from '../receipts/signing-key.ts';
import { loadSecretKey } from '../secrets/secret-key.ts';
import { imageSourceOpener } from '../sources/image-source-opener.ts';
import type { OpenImageSource } from '../sources/source-rules.ts';
import { openStores } from '../store/open-stores.ts';
import type { Stores } from '../store/stores.ts';
import { DataFolder } from './data-folder.ts';
import { openLog } from './log.ts';
import { LocalProvider } from '../providers/local/local-provider.ts';

/** What a service and a worker have in common. Disposing it closes the provider, whose guests run on, and the database. */
export interface Base extends AsyncDisposable {
  readonly configuration: Configuration;
  readonly folder: DataFolder;
  readonly log: Logger;
  readonly stores: Stores;
  readonly provider: Provider | undefined;
  readonly openSource: OpenImageSource;
  readonly signingKey: SigningKey;
  readonly host: string;
  /** Of this very process. */
  readonly workerId: string;
}

/** Pause between two tries to reach a database that is not there. */
const AGAIN_MS = 2000;

/** @throws ServiceError `configuration-invalid`, `newer-schema`, `key-unusable`; ProviderError; AbortError */
export async function openBase(
  configuration: Configuration,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Base> {
  const log = openLog(configuration.log.level);
  for (const name of unknownVariables(env)) log.warn(`${name} is not a variable of Diskferry: it does nothing`);
  const folder = await DataFolder.make(configuration.data);
  const secretKey = await loadSecretKey({ env, file: folder.secretKey });
  const signingKey = await loadSigningKey(folder.signingKey);
  await using opened = new AsyncDisposableStack();
  const stores = opened.use(await reachStores(configuration.database, { secretKey, log, signal }));
  const provider = configuration.local && opened.use(await LocalProvider.open(configuration.local));
  const openSource = imageSourceOpener(configuration.sources);
  const host = hostname();
  const workerId = `${host}-${randomBytes(4).toString('hex')}`;
  const all = opened.move();
  const close = () => all[Symbol.asyncDispose]();
  return {
    configuration,
    folder,
    log,
    stores,
    provider,
    openSource,
    signingKey,
    host,
    workerId,
    [Symbol.asyncDispose]: close,
  };
}

/** A database that is started after the service is waited for. */
async function reachStores(
  where: string,
  { secretKey, log, signal }: { secretKey: Uint8Array; log: Logger; signal: AbortSignal },
): Promise<Stores> {
  await requireFolder(where);
  for (;;) {
    try {
      return await openStores(where, { secretKey });
    } catch (error) {
      if (!(error instanceof ServiceError && error.code === 'store-unavailable')) throw error;
      log.error({ code: error.code, why: error.message }, 'the database does not answer; it is tried again');
      await sleep(AGAIN_MS, undefined, { signal });
    }
  }
}

/** A folder that is missing does not come by waiting. */
async function requireFolder(where: string): Promise<void> {
  if (isPostgres(where)) return;
  const folder = dirname(resolve(where));
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new ServiceError('configuration-invalid', `service.database: ${where} cannot be: there is no folder ${folder}`);
}
