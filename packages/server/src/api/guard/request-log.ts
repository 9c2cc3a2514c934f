import type { Api } from '../fastify.ts';
import { isSafe } from './safe.ts';

/**
 * One line for each request, and never what stood in it: the address as it is declared, who asked, and which migration,
 * instance or volume it was about. Who only looks is seen at the level `debug`.
 */
export function requestLog(api: Api): void {
  api.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, principal, audited, ip, log } = request;
    const { statusCode, elapsedTime } = reply;
    const [kind, id] = audited?.target?.split(':', 2) ?? [];
    const line = {
      method,
      route: routeOptions.url,
      status: statusCode,
      ms: Math.round(elapsedTime),
      who: principal?.name,
      from: ip,
      ...(kind === undefined ? {} : { [kind]: id }),
    };
    if (statusCode >= 500) log.warn(line, 'request');
    else if (isSafe(method)) log.debug(line, 'request');
    else log.info(line, 'request');
  });
}
