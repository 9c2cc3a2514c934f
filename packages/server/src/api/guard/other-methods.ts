import type { HTTPMethods } from 'fastify';
import { ServiceError } from '../../base/errors.ts';
import type { Api } from '../fastify.ts';
import { sendProblem } from '../problem/problem-handler.ts';

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Collects the routes as they come; the function then answers every other method of theirs with 405. */
export function otherMethods(api: Api): () => void {
  const taken = new Map<string, Set<string>>();
  let collecting = true;
  api.addHook('onRoute', ({ url, method }) => {
    if (!collecting) return;
    const methods = taken.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    taken.set(url, methods);
  });
  return () => {
    collecting = false;
    for (const [url, methods] of taken) {
      const allow = [...methods].toSorted().join(', ');
      api.route({
        method: METHODS.filter((method) => !methods.has(method)),
        url,
        config: { may: 'anyone' },
        schema: { hide: true },
        exposeHeadRoute: false,
        handler: (request, reply) => {
          const message = `${request.method} is not one of ${allow}`;
          return sendProblem(new ServiceError('method-not-allowed', message), request, reply.header('allow', allow));
        },
      });
    }
  };
}
