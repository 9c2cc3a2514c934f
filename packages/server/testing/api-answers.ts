import { Ajv, type ValidateFunction } from 'ajv';
import type { InjectOptions } from 'fastify';
import type { Api } from '../src/api/fastify.ts';

export interface Answer {
  readonly status: number;
  readonly body: any;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
};
export type Described = {
  readonly operationId: string;
  readonly security: readonly unknown[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: any }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: any }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
};

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly described: Described;
}

/** Sends requests to an API, and holds each answer to what the OpenAPI document says of it. */
export class Answers {
  readonly #api: Api;
  readonly #document: Document;
  readonly #ajv = new Ajv({ strict: false });
  readonly #validators = new Map<string, ValidateFunction>();

  private constructor(api: Api, document: Document) {
    this.#api = api;
    this.#document = document;
    this.#ajv.addSchema({ $id: 'document', ...document });
  }

  static async of(api: Api): Promise<Answers> {
    return new Answers(api, (await api.inject('/api/v1/openapi.json')).json());
  }

  get operations(): Operation[] {
    return Object.entries(this.#document.paths).flatMap(([path, methods]) => {
      return Object.entries(methods).map(([method, described]) => ({ method, path, described }));
    });
  }

  /** A schema of the document with its references, as the body or a parameter of an operation has it. */
  resolved(schema: any): any {
    if (typeof schema?.$ref !== 'string') return schema;
    const parts = schema.$ref.slice(2).split('/');
    return parts.reduce((found: any, part: string) => found[part], this.#document);
  }

  async send(options: InjectOptions & { readonly method: string; readonly url: string }): Promise<Answer> {
    const response = await this.#api.inject({ ...options, headers: { host: 'localhost', ...options.headers } });
    const { statusCode: status, body: text, headers } = response;
    const type = String(headers['content-type'] ?? '').split(';')[0] ?? '';
    const body = type.endsWith('json') ? JSON.parse(text) : undefined;
    this.#requireFit({ ...options, status, type, body, text });
    return { status, body, text, headers };
  }

  #requireFit(answer: {
    method: string;
    url: string;
    status: number;
    type: string;
    body: unknown;
    text: string;
  }): void {
    const { method, url, status, type, body, text } = answer;
    const path = this.#pathOf(url.split('?')[0] ?? '');
    const operation = path === undefined ? undefined : this.#document.paths[path]?.[method.toLowerCase()];
    const said = `${method} ${url} answered ${status} ${type}: ${text.slice(0, 500)}`;
    if (status >= 400 && type !== 'application/problem+json' && !url.startsWith('/readyz')) throw new Error(said);
    if (operation === undefined || path === undefined) return;
    const key = status >= 400 ? 'default' : `${status}`;
    const described = operation.responses[key];
    if (described === undefined) throw new Error(`${said}: not described`);
    if (described.content === undefined) return;
    const at = ['paths', path, method.toLowerCase(), 'responses', key, 'content', type, 'schema'];
    const pointer = at.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const validate = this.#validators.get(pointer) ?? this.#ajv.compile({ $ref: `document#/${pointer}` });
    this.#validators.set(pointer, validate);
    if (!validate(body)) throw new Error(`${said}: ${this.#ajv.errorsText(validate.errors)}`);
  }

  #pathOf(url: string): string | undefined {
    const paths = Object.keys(this.#document.paths);
    if (paths.includes(url)) return url;
    return paths.find((path) => new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(url));
  }
}
