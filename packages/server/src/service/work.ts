import { once } from 'node:events';
import { ServiceError } from '../base/errors.ts';
import { readConfiguration } from '../configuration/read-configuration.ts';
import { openBase } from './base.ts';
import { openWorker } from './open-worker.ts';

/**
 * A worker without an API, for a service on another machine: both use one PostgreSQL, and the same DISKFERRY_SECRET_KEY.
 * @throws ServiceError `configuration-invalid`, `newer-schema`, `key-unusable`; ProviderError
 */
export async function work(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const configuration = await readConfiguration(env, 'worker');
  if (configuration.local === undefined) {
    throw new ServiceError(
      'configuration-invalid',
      'service.local.enabled is false: a worker without a provider reaches nothing',
    );
  }
  await using base = await openBase(configuration, env, signal);
  const { provider, log, workerId } = base;
  if (provider === undefined) return;
  const worker = await openWorker(base, provider);
  try {
    log.info({ worker: workerId, provider: provider.name }, 'the worker is ready');
    if (!signal.aborted) await once(signal, 'abort');
    log.info('the worker ends: what runs is given back');
  } finally {
    await worker.stop();
  }
}
