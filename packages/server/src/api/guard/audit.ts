import type { FastifyRequest } from 'fastify';
import type { Api } from '../fastify.ts';
import { isSafe } from './safe.ts';
import type { ApiParts } from '../parts.ts';

/**
 * Every change that somebody asked for, done or refused, written before the answer goes out. Requests of nobody are left
 * out, since anyone could fill the log with them: but for tries to sign in, which are counted and then refused.
 */
export function audit(api: Api, { stores }: Pick<ApiParts, 'stores'>): void {
  api.decorateRequest('audited');
  api.addHook('onRequest', async (request) => {
    request.audited = {};
  });
  api.addHook('onSend', async (request, reply, payload) => {
    const action = actionOf(request);
    const who = whoOf(request);
    if (action === undefined || who === undefined || reply.statusCode === 429) return payload;
    const outcome = reply.statusCode < 400 ? 'done' : 'refused';
    const { target = null, detail = null } = request.audited;
    try {
      await stores.audit.write({ who, from: request.ip, action, target, outcome, detail });
    } catch (error) {
      // What was done is done: the answer must say so. That the log has a gap is said in the other log.
      request.log.error({ err: error, action, target, outcome }, 'the audit log could not be written');
    }
    return payload;
  });
}

function actionOf({ method, routeOptions: { config } }: FastifyRequest): string | undefined {
  if (config.audit !== undefined) return config.audit === false ? undefined : config.audit;
  return isSafe(method) ? undefined : config.may;
}

/** A token may have the name of a user. */
function whoOf({ principal, audited }: FastifyRequest): string | undefined {
  if (principal === null) return audited.who;
  return principal.kind === 'token' ? `token ${principal.name}` : principal.name;
}
