import { MIGRATION_STATES } from '@diskferry/protocol';
import { Gauge, Histogram, type Registry } from 'prom-client';
import type { Context } from './context.ts';
import type { Api } from './fastify.ts';
import { SEEN_WITHIN_MS } from './places/places.ts';
import { runningNow } from './progress/look.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** How long requests take, by the address as it is declared: ids in it would make a new series for each. */
export function requestMetrics(api: Api, registry: Registry): void {
  const duration = new Histogram({
    name: 'diskferry_http_request_seconds',
    help: 'Time until an answer was sent',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  });
  api.addHook('onResponse', async ({ method, routeOptions: { url = 'none' } }, { elapsedTime, statusCode }) => {
    duration.observe({ method, route: url, status: statusCode }, elapsedTime / 1000);
  });
}

/** What the database tells, read when it is asked for: the same from every process of the service. */
export function storeMetrics({ stores, metrics, listeners }: Context): void {
  const gauge = (
    name: string,
    help: string,
    labelNames: readonly string[],
    collect: (gauge: Gauge) => Promise<void>,
  ) => {
    const made: Gauge = new Gauge({
      name: `diskferry_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [metrics],
      collect: () => collect(made),
    });
  };
  gauge('migrations', 'Migrations by state', ['state'], async (made) => {
    const counts = await stores.migrations.counts();
    for (const state of MIGRATION_STATES) made.set({ state }, counts[state]);
  });
  gauge(
    'leased_migrations',
    'Migrations that a worker holds, by the provider they land on',
    ['provider'],
    async (made) => {
      made.reset();
      const { providers } = await stores.migrations.running();
      for (const [provider, count] of Object.entries(providers)) made.set({ provider }, count);
    },
  );
  gauge('workers', 'Workers that were seen in the last minute', ['draining'], async (made) => {
    const workers = await stores.fleet.workers(SEEN_WITHIN_MS);
    const draining = workers.filter((worker) => worker.draining).length;
    made.set({ draining: 'true' }, draining);
    made.set({ draining: 'false' }, workers.length - draining);
  });
  gauge('running_bytes_per_second', 'Speed of all that runs, read from sources or landed', ['of'], async (made) => {
    const lives = await stores.live.readMany([...(await runningNow(stores)).keys()]);
    const speeds = [...lives.values()].map(({ speed }) => speed);
    made.set(
      { of: 'read' },
      speeds.reduce((sum, { read }) => sum + read, 0),
    );
    made.set(
      { of: 'landed' },
      speeds.reduce((sum, { landed }) => sum + landed, 0),
    );
  });
  gauge('listeners', 'Open event streams of this process', [], async (made) => made.set(listeners.count));
}
