import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '../../base/errors.ts';
import type { Api } from '../fastify.ts';
import { languageOf } from '../language.ts';
import { problemOf } from './problem-of.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Every answer that is not what was asked for is a problem of RFC 9457, also what fastify refuses by itself. */
export function problemHandler(api: Api): void {
  api.decorateRequest('language', 'en');
  api.addHook('onRequest', async (request, reply) => {
    request.language = languageOf(request.headers['accept-language']);
    reply.header('content-language', request.language);
  });
  api.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  api.setNotFoundHandler((request, reply) => {
    return sendProblem(new ServiceError('no-such-address', 'there is nothing at this address'), request, reply);
  });
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // Not `request.language`: what fastify refuses before there is a route has no hooks behind it.
  const language = languageOf(request.headers['accept-language']);
  const problem = problemOf(error, language);
  // RFC 9110, 13.1.1: a version that was named in If-Match and is not the one any more.
  const isPrecondition = problem.code === 'version-conflict' && request.headers['if-match'] !== undefined;
  const status = isPrecondition ? 412 : problem.status;
  if (problem.incident !== undefined) request.log.error({ err: error, incident: problem.incident }, 'internal error');
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  reply.code(status).header('content-type', PROBLEM_TYPE).header('content-language', language);
  return reply.send(JSON.stringify({ ...problem, status }));
}
