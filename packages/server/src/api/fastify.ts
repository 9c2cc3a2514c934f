import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider } from 'fastify';
import type { AccessAction } from '@diskferry/protocol';
import type { Static, TSchema } from 'typebox';
import type { Principal } from '../access/access.ts';
import type { Language } from './language.ts';

/** Requests and answers have the types of their schemas. */
export interface SchemaTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  readonly serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
}

export type Api = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, SchemaTypes>;

/** What the audit log says about a change besides who and from where. */
export interface Audited {
  target?: string;
  detail?: string;
  /** Of who is not known as a principal: the name that was tried to sign in. */
  who?: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may. A route without it is not taken: `anyone` has to be said. */
    may?: AccessAction | 'signed-in' | 'anyone';
    /** The name of the change in the audit log, where it is not `may`; false: nothing is changed. */
    audit?: string | false;
  }
  interface FastifyRequest {
    principal: Principal | null;
    language: Language;
    audited: Audited;
  }
  interface FastifySchema {
    /** Of the OpenAPI document. */
    readonly operationId?: string;
    readonly summary?: string;
    readonly tags?: readonly string[];
    readonly produces?: string;
    readonly hide?: boolean;
  }
}
