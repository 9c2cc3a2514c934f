import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check, Role } from '@diskferry/protocol';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { tempFolder } from '../../engine/testing/temp.ts';
import { buildApi } from '../src/api/api.ts';
import type { Api } from '../src/api/fastify.ts';
import { LOOPBACK_HOSTS, type ApiParts, type PreflightAsk } from '../src/api/parts.ts';
import type { PreflightReport } from '../src/preflight/report.ts';
import type { LocalProvider } from '../src/providers/local/local-provider.ts';
import { imageSourceOpener } from '../src/sources/image-source-opener.ts';
import { openStores } from '../src/store/open-stores.ts';
import type { Stores } from '../src/store/stores.ts';
export { startTestServer } from '../../engine/testing/test-server.ts';
import { Answers, type Answer } from './api-answers.ts';
import { openLocal } from './local-cloud.ts';
import { TEST_KEY } from './test-key.ts';

export const ROLES = ['admin', 'operator', 'viewer'] as const;
export const PASSWORD = 'correct horse battery staple';

/** The API over a database and a provider of its own. What a preflight says is what the test sets. */
export interface ApiScene extends AsyncDisposable {
  readonly api: Api;
  readonly stores: Stores;
  readonly provider: LocalProvider;
  /** What was asked of the preflight. */
  readonly asked: PreflightAsk[];
  found: Partial<PreflightReport>;
  readonly log: string[];
  readonly nudges: { count: number };
  readonly tokens: Readonly<Record<Role, string>>;
  readonly answers: Answers;
  /** How many event streams are open. */
  listening(): Promise<number>;
  /** A request by token; its answer is held to the document. */
  send(role: Role, request: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export async function apiScene(parts: Partial<ApiParts> = {}): Promise<ApiScene> {
  const root = await mkdtemp(join(await tempFolder(), 'api-'));
  const stores = await openStores(join(root, 'store.sqlite'), { secretKey: TEST_KEY });
  const provider = await openLocal(join(root, 'cloud'));
  const log: string[] = [];
  const metrics = new Registry();
  const scene = { asked: [] as PreflightAsk[], found: {} as Partial<PreflightReport>, log, nudges: { count: 0 } };
  const api = await buildApi({
    stores,
    provider,
    openSource: imageSourceOpener({ allowHosts: [], allowRanges: ['127.0.0.0/8'], folders: [] }),
    preflight: async (ask) => {
      scene.asked.push(ask);
      const images = ask.request.images.map(() => LOOKED_AT);
      return { checks: [PASS], forecast: null, images, instanceRuns: false, label: 'provider:local', ...scene.found };
    },
    nudge: () => void (scene.nudges.count += 1),
    log: pino({ level: 'trace' }, { write: (line) => void log.push(line) }),
    metrics,
    version: '0.1.0',
    host: 'here',
    door: {
      secureCookies: false,
      trustedOrigins: [],
      hosts: [...LOOPBACK_HOSTS],
      trustedProxies: [],
      openMetrics: false,
    },
    pollMs: 20,
    ...parts,
  });
  const tokens = await tokensOf(stores);
  const answers = await Answers.of(api);
  return Object.assign(scene, {
    api,
    stores,
    provider,
    tokens,
    answers,
    listening: async () => (await metrics.getSingleMetric('diskferry_listeners')?.get())?.values[0]?.value ?? 0,
    send: (role: Role, request: string, body?: unknown, headers: Record<string, string> = {}) => {
      const [method = '', url = ''] = request.split(' ');
      const authorization = `Bearer ${tokens[role]}`;
      const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
      return answers.send({
        method: method as 'GET',
        url: `/api/v1${url}`,
        headers: { authorization, ...(body === undefined ? {} : JSON_TYPE), ...headers },
        ...payload,
      });
    },
    [Symbol.asyncDispose]: async () => {
      await api.close();
      await provider[Symbol.asyncDispose]();
      await stores[Symbol.asyncDispose]();
    },
  });
}

export const PASS: Check = {
  code: 'link-readable',
  verdict: 'pass',
  image: 0,
  title: 'The link can be read',
  evidence: 'HTTP 206',
  remedy: null,
};

const LOOKED_AT = {
  identity: '"e"',
  layers: [],
  fileSize: 10,
  virtualSize: 20,
  reading: 'by ranges',
  guest: null,
} as const;

const JSON_TYPE = { 'content-type': 'application/json' };

/** A user of each role, and a token that one of them made. */
async function tokensOf({ access }: Stores): Promise<Record<Role, string>> {
  const tokens: Partial<Record<Role, string>> = {};
  for (const role of ROLES) {
    const user = await access.createUser({ name: role, role, password: PASSWORD });
    const by = { kind: 'user', id: user.id, name: user.name, role } as const;
    tokens[role] = (await access.createToken({ name: `${role}-token`, role, expiresAt: null }, by)).secret;
  }
  return tokens as Record<Role, string>;
}
