/** Bytes a second; null is without a limit. */
export type Rate = number | null;

/** From `from` to `to` (HH:MM, by the clock of the service; over midnight where `to` is earlier) another rate holds. */
export interface RateWindow {
  readonly from: string;
  readonly to: string;
  readonly rate: Rate;
}

/** A rate, and times of the day when another holds: the first window that contains the time. */
export interface Limit {
  readonly rate: Rate;
  readonly windows: readonly RateWindow[];
}

/** What an admin changes while the service runs. */
export interface Settings {
  readonly bandwidth: {
    /** Of each worker. */
    readonly global: Limit;
    /** By host (and port, where it is not the usual one) or bucket of the source. */
    readonly hosts: Readonly<Record<string, Limit>>;
  };
  readonly concurrency: {
    /** Migrations at once on each worker. */
    readonly worker: number;
    /** Migrations at once that read from one source host; null is without a limit. */
    readonly host: number | null;
    /** Migrations at once onto one provider. */
    readonly provider: number | null;
  };
}

export const DEFAULT_SETTINGS: Settings = {
  bandwidth: { global: { rate: null, windows: [] }, hosts: {} },
  concurrency: { worker: 2, host: null, provider: null },
};

export interface SettingsStore {
  /** `version` 0: nobody has changed the defaults. */
  read(): Promise<{ readonly settings: Settings; readonly version: number }>;
  /** @throws ServiceError `version-conflict`, `invalid-request` */
  write(
    settings: Settings,
    expectedVersion: number,
  ): Promise<{ readonly settings: Settings; readonly version: number }>;
}
