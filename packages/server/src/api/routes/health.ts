import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { SEEN_WITHIN_MS } from '../places/places.ts';

const ANSWERS_WITHIN_MS = 2000;

/** For those who watch the process from outside. */
export function healthRoutes(api: Api, { stores, metrics, door, version }: Context): void {
  api.get('/healthz', { config: { may: 'anyone' } }, async () => ({ alive: true, version }));

  api.get('/readyz', { config: { may: 'anyone' } }, async (request, reply) => {
    const found = await readiness(stores).catch((error: unknown) => {
      request.log.warn({ err: error }, 'not ready');
      return { store: false, worker: false };
    });
    const ready = found.store && found.worker;
    return reply.code(ready ? 200 : 503).send({ ready, ...found });
  });

  const may = door.openMetrics ? 'anyone' : 'worker.read';
  api.get('/metrics', { config: { may } }, async (_request, reply) => {
    const text = await metrics.metrics();
    return reply.type(metrics.contentType).send(text);
  });
}

/** Whether the database answers, and somebody is there to do the work. */
async function readiness({ ping, fleet }: Context['stores']): Promise<{ store: boolean; worker: boolean }> {
  const store = await inTime(ping().then(() => true));
  const worker = store && (await inTime(fleet.workers(SEEN_WITHIN_MS).then((workers) => workers.length > 0)));
  return { store, worker };
}

function inTime(answer: Promise<boolean>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), ANSWERS_WITHIN_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
