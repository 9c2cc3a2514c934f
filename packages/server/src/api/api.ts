import Fastify, { LogController, type FastifyHttpOptions, type FastifyBaseLogger } from 'fastify';
import type { Server } from 'node:http';
import type { Context } from './context.ts';
import type { Api } from './fastify.ts';
import { audit } from './guard/audit.ts';
import { guard } from './guard/guard.ts';
import { otherMethods } from './guard/other-methods.ts';
import { requestLog } from './guard/request-log.ts';
import { securityHeaders } from './guard/security-headers.ts';
import { requestMetrics, storeMetrics } from './metrics.ts';
import { openApi } from './openapi/open-api.ts';
import { lastWords } from './last-words.ts';
import type { ApiParts } from './parts.ts';
import { problemHandler, sendProblem } from './problem/problem-handler.ts';
import { answerSocketFault } from './problem/socket-faults.ts';
import { ProgressHub } from './progress/hub.ts';
import { Listeners } from './progress/listeners.ts';
import { rootRoutes, ROUTES } from './routes/routes.ts';
import { validation } from './validation.ts';

const BODY_LIMIT = 2 ** 20;
/** For a request to arrive whole: whoever sends a byte now and then holds no connection for ever. */
const ARRIVES_WITHIN_MS = 30_000;
const STREAMS = { heartbeatMs: 15_000, slowMs: 30_000, longestMs: 10 * 60_000 };

/** The REST API, ready to listen. Closing it ends all event streams, and lets what is being answered be answered soon. */
export async function buildApi(parts: ApiParts): Promise<Api> {
  const api = Fastify(optionsFor(parts)) as unknown as Api;
  const context = contextOf(parts);
  const addOtherMethods = otherMethods(api);
  // In this order: the headers of an answer, then its form, then who may.
  securityHeaders(api, parts.door);
  problemHandler(api);
  requestLog(api);
  requestMetrics(api, parts.metrics);
  audit(api, parts);
  guard(api, parts);
  validation(api);
  const describe = openApi(api, parts.version);
  storeMetrics(context);
  const closes = lastWords(api.server);
  api.addHook('preClose', async () => {
    closes();
    await context.close();
  });
  api.register(
    async (scoped) => {
      for (const routes of ROUTES) routes(scoped as unknown as Api, context);
      describe(scoped as unknown as Api);
    },
    { prefix: '/api/v1' },
  );
  rootRoutes(api, context);
  await api.after();
  addOtherMethods();
  await api.ready();
  return api;
}

function optionsFor({ log, door }: ApiParts): FastifyHttpOptions<Server, FastifyBaseLogger> {
  return {
    loggerInstance: log,
    // One line for each request is written in guard/request-log.ts, with who asked and about what.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: ARRIVES_WITHIN_MS,
    connectionTimeout: 0,
    keepAliveTimeout: 30_000,
    forceCloseConnections: 'idle',
    trustProxy: door.trustedProxies.length > 0 ? [...door.trustedProxies] : false,
    genReqId: () => crypto.randomUUID(),
    clientErrorHandler: answerSocketFault,
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
    routerOptions: { maxParamLength: 200 },
    ...(door.tls === undefined ? {} : { https: door.tls }),
  } as FastifyHttpOptions<Server, FastifyBaseLogger>;
}

function contextOf(parts: ApiParts): Context & { close(): Promise<void> } {
  const { stores, log, pollMs = 1000, streams = {} } = parts;
  const closing = new AbortController();
  const hub = new ProgressHub({ stores, log, pollMs });
  const listeners = new Listeners({ ...STREAMS, ...streams });
  const close = async (): Promise<void> => {
    closing.abort();
    await listeners.close();
    await hub.close();
  };
  return { ...parts, nudge: () => parts.nudge(), hub, listeners, closing: closing.signal, close };
}
