import type { Layer, Source } from '@diskferry/engine';
import type { Check, Forecast, GuestSummary } from '@diskferry/protocol';
import type { ImageSource } from '../migrations/migration.ts';
import type { Instance, Limits, Provider, Region, Volume } from '../providers/provider.ts';

/** What a preflight found. It has changed nothing. */
export interface PreflightReport {
  readonly checks: readonly Check[];
  /** Null where too little is known. */
  readonly forecast: Forecast | null;
  /** One for each image of the request, in its order. */
  readonly images: readonly PreflightImage[];
  /** Whether an instance that a target names runs now: it has to be stopped first. */
  readonly instanceRuns: boolean;
  /** `provider:NAME` of the provider that manages the targets; null where they were not found. */
  readonly label: string | null;
}

export interface PreflightImage {
  /** Stands for the very object: another one has another identity. Null where it could not be read. */
  readonly identity: string | null;
  readonly layers: readonly Layer[];
  readonly fileSize: number | null;
  /** Null where it could not be read, or only the end of a stream tells. */
  readonly virtualSize: number | null;
  /** How the image will be read, in words. */
  readonly reading: string | null;
  /** What is inside; null where it was not looked into, or could not be. */
  readonly guest: GuestSummary | null;
}

/** Where a preflight looks. Each look is given a signal that says when nobody waits for it any more. */
export interface PreflightScene {
  /** The volume or instance, wherever it is managed; undefined where there is none. */
  findVolume(id: string, signal?: AbortSignal): Promise<Found<Volume> | undefined>;
  findInstance(id: string, signal?: AbortSignal): Promise<Found<Instance> | undefined>;
  /**
   * The source with its secret, under the rules, hurried. The preflight disposes it. It is the very object of the request,
   * or a copy without a format or checksum that cannot be right; `image` counts from 0.
   * @throws DiskferryError, ServiceError `source-not-allowed`, `secret-unreadable`, `invalid-request`
   */
  openSource(source: ImageSource, image: number, signal?: AbortSignal): Promise<Source>;
  /** What lies on the volume now, one sentence; null: it is blank; undefined: cannot be looked at from here. */
  occupant(volume: string, signal?: AbortSignal): Promise<string | null | undefined>;
  /** The migration that holds a resource (`volume:ID`, `instance:ID`) in the store; undefined: nobody. */
  lockedBy(resource: string, signal?: AbortSignal): Promise<string | undefined>;
  /** The migration for which it is done: what this one holds is no obstacle. */
  readonly self?: string;
  /** Bytes a second that earlier migrations reached from this source host; undefined where none did. */
  measuredSpeed(host: string, signal?: AbortSignal): Promise<number | undefined>;
  /** Bytes of the volume that can hold data, at most its size (`Features.roomFor`); undefined: it cannot be known. */
  roomFor?(volume: string, signal?: AbortSignal): Promise<number | undefined>;
  readonly signal?: AbortSignal;
}

export interface Found<Thing> {
  readonly thing: Thing;
  readonly provider: string;
  readonly limits: Limits;
  /** Of the provider's instances; undefined where they are not told. */
  readonly traits: Provider['traits'] | undefined;
  readonly regions: readonly Region[];
  /** Whether a worker that reaches it was seen lately. */
  readonly reachable: boolean;
}
