import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveProgress } from '@diskferry/protocol';
import type { Schemas } from '@diskferry/protocol/client';
import { expect } from 'vitest';
import { eventsOf as streamed } from '../../packages/cli/src/service/events.ts';
import { answerOf } from '../../packages/cli/src/service/call.ts';
import type { ServiceProcess } from './service-process.ts';

export type Migration = Schemas['Migration'];
export type Settings = Schemas['VersionedSettings']['settings'];

/** What is there on a disk of a test counts nothing, and its source is known by an entity tag alone. */
export const ACCEPT = ['disk-size-known', 'copy-goes-on'];

export interface DataMigration {
  readonly link: string;
  readonly volume: string;
  readonly source?: Omit<Partial<Schemas['SourceInput']>, 'pathStyle'>;
  readonly options?: Partial<Schemas['OptionsInput']>;
}

export async function makeVolume({ client }: ServiceProcess, size: number, name = 'data'): Promise<string> {
  const place = { region: 'local', zone: 'local-1' };
  const header = { 'Idempotency-Key': randomUUID() };
  const body = { name, size, ...place };
  return (await answerOf(client.POST('/api/v1/volumes', { params: { header }, body }))).id;
}

/** An offline data migration of one image. @returns its id */
export async function migrate(
  { client }: ServiceProcess,
  made: DataMigration,
  key: string = randomUUID(),
): Promise<string> {
  const { link, volume, source = {}, options = {} } = made;
  const images = [{ source: { link, pathStyle: false, ...source }, target: { volume } }];
  const body = { name: 'journey', kind: 'data' as const, images, options: { accept: ACCEPT, ...options } };
  const header = { 'Idempotency-Key': key };
  return (await answerOf(client.POST('/api/v1/migrations', { params: { header }, body }))).id;
}

export function show({ client }: ServiceProcess, id: string): Promise<Migration> {
  return answerOf(client.GET('/api/v1/migrations/{id}', { params: { path: { id } } }));
}

export async function eventsOf({ client }: ServiceProcess, id: string) {
  return (await answerOf(client.GET('/api/v1/migrations/{id}/events', { params: { path: { id } } }))).items;
}

/** Bytes of its first disk that are durable. */
export function landed({ images }: Migration): number {
  return images[0]?.content.bytes ?? 0;
}

export type Wanted = Migration['state'] | ((migration: Migration) => boolean);

const OVER: readonly Migration['state'][] = ['succeeded', 'failed', 'cancelled'];

/** Looks until it is so. @throws Error where it ended otherwise, or in time was not so */
export async function until(
  service: ServiceProcess,
  id: string,
  wanted: Wanted,
  withinMs = 60_000,
): Promise<Migration> {
  const isSo = typeof wanted === 'function' ? wanted : ({ state }: Migration) => state === wanted;
  for (const end = performance.now() + withinMs; ; await sleep(25)) {
    const migration = await show(service, id);
    if (isSo(migration)) return migration;
    if (performance.now() < end && !OVER.includes(migration.state)) continue;
    const { state, waitsFor, waitDetail, failure } = migration;
    throw new Error(`it is ${JSON.stringify({ state, waitsFor, waitDetail, failure })}\n${service.said.stderr}`);
  }
}

function throwIfOver({ state }: Migration): void {
  if (OVER.includes(state)) throw new Error(`it is ${state}, and not enough was measured yet`);
}

/** What is measured from now on, as it comes. @throws Error where it is over */
export async function* measured(service: ServiceProcess, id: string): AsyncGenerator<LiveProgress> {
  const connection = { server: service.address, token: service.token };
  const path = `/api/v1/migrations/${id}/progress`;
  for await (const { event, data } of streamed(connection, path, AbortSignal.timeout(60_000))) {
    if (event === 'migration') throwIfOver(JSON.parse(data) as Migration);
    if (event !== 'live') continue;
    const live = JSON.parse(data) as LiveProgress;
    // What was kept from before may be old.
    if (Date.now() - live.at < 3000) yield live;
  }
}

/** Bytes a second that it reads. */
export async function speedOf(service: ServiceProcess, id: string, apartMs = 1500): Promise<number> {
  let first: LiveProgress | undefined;
  for await (const live of measured(service, id)) {
    first ??= live;
    const ms = live.at - first.at;
    if (ms >= apartMs) return (((live.images[0]?.read ?? 0) - (first.images[0]?.read ?? 0)) * 1000) / ms;
  }
  throw new Error('the stream has ended');
}

/** Of the local provider in its data folder. */
export function diskOf({ data }: { readonly data: string }, volume: string): string {
  return join(data, 'local', 'volumes', `${volume}.raw`);
}

/** Demands these bytes on the volume, and zeros behind them. */
export async function expectOnDisk(path: string, content: Uint8Array): Promise<void> {
  await using file = await open(path);
  const disk = await file.readFile();
  expect(Buffer.compare(disk.subarray(0, content.length), content), `${path} has other bytes`).toBe(0);
  expect(disk.subarray(content.length).every((byte) => byte === 0)).toBe(true);
}

/** Changes some of the settings that an admin has. */
export async function set({ client }: ServiceProcess, change: (settings: Settings) => void): Promise<void> {
  const found = await answerOf(client.GET('/api/v1/settings'));
  change(found.settings);
  await answerOf(client.PUT('/api/v1/settings', { body: found }));
}
