import { CONSOLE_PLACES } from '@diskferry/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConsoleFile } from '../../console/console-files.ts';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';

const YEAR_SECONDS = 31_536_000;

/**
 * The console at `/`. Each file has its own route, so that no path is ever put together from what somebody asks for. The
 * addresses that the console itself understands are answered with its page.
 */
export function consoleRoutes(api: Api, { console: files = [] }: Context): void {
  for (const file of files) {
    if (file.path !== '/index.html') serve(api, file.path, file);
  }
  const page = files.find(({ path }) => path === '/index.html');
  if (page === undefined) return;
  const places = CONSOLE_PLACES.flatMap((place) => [`/${place}`, `/${place}/*`]);
  for (const url of ['/', ...places]) serve(api, url, page);
}

function serve(api: Api, url: string, file: ConsoleFile): void {
  api.route({
    method: 'GET',
    url,
    config: { may: 'anyone' },
    schema: { hide: true },
    handler: async (request, reply) => send(file, request, reply),
  });
}

function send(file: ConsoleFile, { headers }: Pick<FastifyRequest, 'headers'>, reply: FastifyReply): FastifyReply {
  const takesGzip = /\bgzip\b/.test(headers['accept-encoding'] ?? '');
  reply.type(file.type).header('vary', 'accept-encoding');
  if (file.isForever) reply.header('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`);
  if (file.gzip === undefined || !takesGzip) return reply.send(file.bytes);
  return reply.header('content-encoding', 'gzip').send(file.gzip);
}
