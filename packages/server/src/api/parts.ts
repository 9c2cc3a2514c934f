import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { ConsoleFile } from '../console/console-files.ts';
import type { ChannelOptions } from './progress/channel.ts';
import type { MigrationRequest } from '../migrations/request.ts';
import type { PreflightReport } from '../preflight/report.ts';
import type { Provider } from '../providers/provider.ts';
import type { Secret } from '../secrets/secret.ts';
import type { OpenImageSource } from '../sources/source-rules.ts';
import type { Stores } from '../store/stores.ts';

/** What the API is made of. It makes none of it, and closes none of it. */
export interface ApiParts {
  readonly stores: Stores;
  /** The provider of this very process; what others manage is known from their inventories. */
  readonly provider: Provider | undefined;
  readonly openSource: OpenImageSource;
  readonly preflight: RunPreflight;
  /** Something can be claimed: wakes the worker of this process. */
  nudge(): void;
  readonly log: FastifyBaseLogger;
  readonly metrics: Registry;
  readonly version: string;
  /** The name of this machine, as its worker reports it. */
  readonly host: string;
  readonly door: Door;
  /** The built console, where there is one. */
  readonly console?: readonly ConsoleFile[];
  /** Milliseconds between two looks at what changed, for those who listen. */
  readonly pollMs?: number;
  readonly streams?: Partial<ChannelOptions>;
}

/** Who may come in from where. */
export interface Door {
  /** Under TLS: cookies are for https only. */
  readonly secureCookies: boolean;
  /** Origins besides the request's own that may use a session: `https://console.example`. */
  readonly trustedOrigins: readonly string[];
  /**
   * Host names that are answered, without port. On loopback those of loopback alone: a page that has its own name point to
   * 127.0.0.1 would otherwise be the same origin. Null: any.
   */
  readonly hosts: readonly string[] | null;
  /** Addresses and ranges of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Whether /metrics is shown to whoever asks; otherwise to those who may look. */
  readonly openMetrics: boolean;
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
}

export const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

export interface PreflightAsk {
  readonly request: MigrationRequest;
  /** One for each image; they are not sealed, and `credentials` of its source says nothing. */
  readonly secrets: readonly (Secret | null)[];
  readonly signal?: AbortSignal;
}

/** Looks, and changes nothing. */
export type RunPreflight = (ask: PreflightAsk) => Promise<PreflightReport>;
