import type { RouteOptions } from 'fastify';
import type { Api } from '../fastify.ts';
import { documentOf } from './document.ts';
import { docsPage, STYLE } from './docs-page.ts';

/** Collects the routes as they come; the function then adds the document and a page to read it. */
export function openApi(api: Api, version: string): (scoped: Api) => void {
  const routes: RouteOptions[] = [];
  api.addHook('onRoute', (route) => {
    if (route.schema?.operationId !== undefined && route.method !== 'HEAD') routes.push(route);
  });
  return (scoped) => {
    const config = { may: 'anyone' } as const;
    const document = documentOf(routes, version);
    const text = JSON.stringify(document);
    const page = docsPage(document);
    const json = 'application/json; charset=utf-8';
    scoped.get('/openapi.json', { config }, async (_request, reply) => reply.type(json).send(text));
    scoped.get('/docs', { config }, async (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
    scoped.get('/docs.css', { config }, async (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE));
  };
}
