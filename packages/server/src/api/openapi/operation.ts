import type { FastifySchema, RouteOptions } from 'fastify';
import { Problem } from '@diskferry/protocol/schemas';
import type { Components, Schema } from './components.ts';

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, Answer>>;
  readonly security: readonly unknown[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: unknown;
}

interface Answer {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: unknown }>>;
}

/** Node gives the names of headers in small letters. */
const HEADERS: Readonly<Record<string, string>> = {
  'idempotency-key': 'Idempotency-Key',
  'if-match': 'If-Match',
  'last-event-id': 'Last-Event-ID',
};

const DESCRIPTIONS: Readonly<Record<string, string>> = { '200': 'Done', '201': 'Created', '204': 'Done' };

/** A route as an operation of OpenAPI 3.1: its schemas are JSON Schema already. */
export function operationOf({ schema = {}, config }: RouteOptions, components: Components): Operation {
  const { operationId = '', summary = '', tags = [], body } = schema;
  const requestBody = { required: true, content: { 'application/json': { schema: components.reference(body) } } };
  return {
    operationId,
    summary,
    tags,
    parameters: parametersOf(schema, components),
    ...(body === undefined ? {} : { requestBody }),
    responses: { ...answersOf(schema, components), default: problemAnswer(components) },
    security: config?.may === 'anyone' ? [] : [{ token: [] }, { session: [] }],
  };
}

function parametersOf({ params, querystring, headers }: FastifySchema, components: Components): Parameter[] {
  const from = (where: Parameter['in'], part: unknown): Parameter[] => {
    const { properties = {}, required = [] } = (part ?? {}) as Schema & { properties?: Schema; required?: string[] };
    return Object.entries(properties).map(([name, schema]) => {
      const needed = required.includes(name) && !hasDefault(schema);
      const spelled = where === 'header' ? HEADERS[name] : name;
      return { name: spelled ?? name, in: where, required: needed, schema: components.reference(schema) };
    });
  };
  return [...from('path', params), ...from('query', querystring), ...from('header', headers)];
}

function hasDefault(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'default' in schema;
}

function answersOf({ response, produces = 'application/json' }: FastifySchema, components: Components) {
  const answers = Object.entries((response ?? {}) as Record<string, Schema>);
  return Object.fromEntries(
    answers.map(([status, schema]): [string, Answer] => {
      const description = DESCRIPTIONS[status] ?? 'Done';
      if (status === '204') return [status, { description }];
      return [status, { description, content: { [produces]: { schema: components.reference(schema) } } }];
    }),
  );
}

function problemAnswer(components: Components): Answer {
  const content = { 'application/problem+json': { schema: components.reference(Problem) } };
  return { description: 'Refused or failed; `code` says why', content };
}
