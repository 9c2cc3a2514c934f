import type { RouteOptions } from 'fastify';
import { Components, type Schema } from './components.ts';
import { operationOf, type Operation } from './operation.ts';

export interface Document {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly securitySchemes: unknown };
}

const DESCRIPTION =
  'Sizes are bytes, times milliseconds since 1970. Errors are problems of RFC 9457 with a stable code; Accept-Language ' +
  'en, ja or zh chooses the language of titles and remedies. A session sends X-CSRF-Token along with what changes something.';

/** The OpenAPI document of the routes that have an `operationId`. */
export function documentOf(routes: readonly RouteOptions[], version: string): Document {
  const components = new Components();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.url.replaceAll(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [String(route.method).toLowerCase()]: operationOf(route, components) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Diskferry', version, description: DESCRIPTION },
    paths,
    components: {
      schemas: components.all,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'diskferry' },
      },
    },
  };
}
