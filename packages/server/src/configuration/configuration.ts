import type { Region } from '../providers/provider.ts';
import type { SourceRules } from '../sources/source-rules.ts';

/** How a service or a worker runs. Read once at the start; what changes while it runs are the settings. */
export interface Configuration {
  /** The data folder: database, keys, volumes, checkpoints. */
  readonly data: string;
  /** `postgres://…`, or the path of an SQLite file. */
  readonly database: string;
  readonly listen: {
    readonly host: string;
    readonly port: number;
    /** PEM files; undefined: plain HTTP. */
    readonly tls: { readonly certificate: string; readonly key: string } | undefined;
    /** Plain HTTP on more than the loopback is meant, as behind a proxy that speaks TLS. */
    readonly plainBeyondLoopback: boolean;
    /** Where people reach it, when that is not where it listens. */
    readonly publicUrl: string | undefined;
    /** Names under which it may be asked besides its own: a browser that was led astray uses another. */
    readonly hosts: readonly string[];
  };
  readonly log: { readonly level: LogLevel };
  readonly worker: {
    /** Whether the service does migrations itself. */
    readonly enabled: boolean;
    readonly labels: readonly string[];
    readonly leaseMs: number;
    /** How long a fault that may pass is tried again before a person is asked. */
    readonly patienceMs: number;
    /** What a copy of the disks gets to come up, to prove that they start. */
    readonly proofMs: number;
  };
  /** Undefined: this process has no provider. */
  readonly local: LocalConfiguration | undefined;
  readonly sources: SourceRules;
}

export interface LocalConfiguration {
  readonly name: string;
  readonly folder: string;
  readonly regions: readonly Region[] | undefined;
  /** Block devices and LVM volumes of the machine that are data volumes. */
  readonly devices: readonly DeviceConfiguration[];
}

export interface DeviceConfiguration {
  readonly path: string;
  readonly name: string;
  /** The first ones of the provider where they are not given. */
  readonly region: string | undefined;
  readonly zone: string | undefined;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
