import type { Schemas } from '@diskferry/protocol/client';

/** A migration onto an instance, as the service tells of it, for components that show one. */
export function sampleMigration(changes: Partial<Schemas['Migration']> = {}): Schemas['Migration'] {
  return {
    id: 'm-1',
    name: 'web',
    kind: 'instance',
    version: 7,
    createdAt: 1,
    createdBy: 'ann',
    state: 'transferring',
    waitsFor: null,
    waitDetail: null,
    waitCode: null,
    failure: null,
    retryGoesOn: null,
    asked: null,
    worker: 'w1',
    locks: [],
    images: [],
    options: {
      runningInstance: 'stop',
      startAfterwards: true,
      verify: 'written',
      bandwidth: null,
      notBefore: null,
      priority: 0,
      proveBoot: 'auto',
      labels: [],
      accept: [],
    },
    progress: { done: 0, total: null, share: 0 },
    actions: [],
    checks: [],
    bootProof: null,
    forecast: null,
    ...changes,
  };
}
