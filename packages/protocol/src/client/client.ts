import createOpenApiClient, { type Client as OpenApiClient } from 'openapi-fetch';
import type { components, paths } from './api.generated.ts';

export interface ClientOptions {
  /** Scheme, host and port of the service; in the console the empty string. */
  readonly baseUrl: string;
  /** An API token. Without, the session of the browser is used. */
  readonly token?: string;
  /** What changes something by session sends this along; asked anew for each request, since signing in changes it. */
  readonly csrf?: () => string | undefined;
  /** The language of titles and remedies: en, ja or zh. */
  readonly language?: string;
  readonly fetch?: (request: Request) => Promise<Response>;
}

export type ApiClient = OpenApiClient<paths>;
export type Schemas = components['schemas'];

/** A client whose paths, bodies and answers have the types of the OpenAPI document. */
export function createClient({ baseUrl, token, csrf, language, fetch }: ClientOptions): ApiClient {
  const client = createOpenApiClient<paths>({ baseUrl, ...(fetch === undefined ? {} : { fetch }) });
  client.use({
    onRequest({ request }) {
      if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
      if (language !== undefined) request.headers.set('accept-language', language);
      const sent = csrf?.();
      if (sent !== undefined && request.method !== 'GET') request.headers.set('x-csrf-token', sent);
      return request;
    },
  });
  return client;
}
