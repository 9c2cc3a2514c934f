import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { buildApi } from '../api/api.ts';
import { ServiceError } from '../base/errors.ts';
import { isPostgres } from '../base/is-postgres.ts';
import { VERSION } from '../base/version.ts';
import { readConsole } from '../console/console-files.ts';
import { readConfiguration } from '../configuration/read-configuration.ts';
import { type Base, openBase } from './base.ts';
import { addressOf, doorOf } from './door.ts';
import { firstAdmin } from './first-admin.ts';
import { keepLocalToken } from './local-token.ts';
import { openWorker } from './open-worker.ts';
import { preflightRunner } from './preflight-runner.ts';

const CONSOLE_FOLDER = join(import.meta.dirname, '../../../console/dist');

/**
 * The service: API, worker and local provider in one process, until the signal says to end. Then nothing new is taken, what
 * runs keeps what it has done and is given back, and guests run on.
 * @throws ServiceError `configuration-invalid`, `newer-schema`, `key-unusable`, `address-in-use`; ProviderError
 */
export async function serve(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const configuration = await readConfiguration(env, 'service');
  await using base = await openBase(configuration, env, signal);
  const { provider, log } = base;
  const worker = configuration.worker.enabled && provider ? await openWorker(base, provider) : undefined;
  try {
    await using api = await openApi(base, () => worker?.nudge());
    log.info(
      { address: api.address, database: isPostgres(configuration.database) ? 'PostgreSQL' : 'SQLite' },
      'the service is ready',
    );
    await sayHowToComeIn(base, api.address);
    if (!signal.aborted) await once(signal, 'abort');
    log.info('the service ends: what runs is given back');
    await Promise.all([worker?.stop(), api[Symbol.asyncDispose]()]);
  } finally {
    await worker?.stop();
  }
}

async function openApi(base: Base, nudge: () => void): Promise<AsyncDisposable & { readonly address: string }> {
  const { stores, provider, openSource, configuration, host, log } = base;
  const console = await readConsole(CONSOLE_FOLDER);
  if (console === undefined) log.warn('the console was not built: npm run build:console');
  const api = await buildApi({
    stores,
    provider,
    openSource,
    preflight: preflightRunner(base),
    nudge,
    log,
    metrics: new Registry(),
    version: VERSION,
    host,
    door: await doorOf(configuration),
    ...(console === undefined ? {} : { console }),
  });
  const { port, host: where } = configuration.listen;
  try {
    await api.listen({ host: where, port });
  } catch (cause) {
    await api.close();
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EADDRNOTAVAIL') throw cause;
    throw new ServiceError('address-in-use', `service.listen: ${where} port ${port} cannot be had`, { cause });
  }
  const address = addressOf(configuration, (api.server.address() as AddressInfo).port);
  return { address, [Symbol.asyncDispose]: () => api.close() };
}

/** On standard output, where a person looks; the log goes to standard error. */
async function sayHowToComeIn({ stores, folder }: Base, address: string): Promise<void> {
  const { admin, code } = await firstAdmin(stores.access);
  await keepLocalToken(stores.access, admin, folder.localToken);
  const lines = [`Diskferry is at ${address}`, `Sign in once, within 15 minutes: ${address}/sign-in#${code}`, ''];
  process.stdout.write(lines.join('\n'));
}
