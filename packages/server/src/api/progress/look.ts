import { STAGES, type LiveProgress } from '@diskferry/protocol';
import { ServiceError } from '../../base/errors.ts';
import type { LoggedEvent } from '../../migrations/event.ts';
import type { Migration } from '../../migrations/migration.ts';
import { isStage } from '../../migrations/stages.ts';
import type { Stores } from '../../store/stores.ts';

/** What is new about one migration. */
export interface News extends Seen {
  /** Behind the version that was known, in order; empty where only `live` is new. */
  readonly events: readonly LoggedEvent[];
  readonly isNewVersion: boolean;
  readonly isNewLive: boolean;
  /** Whether lines were added to its log; of those who are listened to one by one. */
  readonly hasNewLines: boolean;
}

export interface Seen {
  readonly migration: Migration;
  readonly live: LiveProgress | undefined;
  /** The newest line of its log; 0 where there is none, or it is not asked for. */
  readonly line: number;
}

interface Ask {
  readonly ids: readonly string[];
  /** Also all that a worker is busy with. */
  readonly running: boolean;
  readonly before: ReadonlyMap<string, Seen>;
}

type Read = Pick<Stores, 'migrations' | 'live' | 'lines'>;

const PAGE = 500;

/** How all that is listened to stands now, and what is new about it. */
export async function look(stores: Read, { ids, running, before }: Ask): Promise<News[]> {
  const now = running ? await runningNow(stores) : new Map<string, Migration>();
  // What ran a moment ago is told of once more: that it is over, or waits.
  const left = running ? [...before.values()].filter(({ migration }) => isStage(migration.standing.state)) : [];
  const missing = new Set([...ids, ...left.map(({ migration }) => migration.id)].filter((id) => !now.has(id)));
  for (const id of missing) {
    const migration = await presentOrGone(stores, id);
    if (migration !== undefined) now.set(id, migration);
  }
  const busy = [...now.values()].filter(({ standing }) => isStage(standing.state)).map(({ id }) => id);
  const lives = busy.length > 0 ? await stores.live.readMany(busy) : new Map<string, LiveProgress>();
  const lines = await stores.lines.newest(ids);
  const news: News[] = [];
  for (const [id, migration] of now) {
    const seen = { migration, live: lives.get(id), line: lines.get(id) ?? 0 };
    news.push(await newsOf(stores, seen, before.get(id)));
  }
  return news;
}

export async function runningNow({ migrations }: Pick<Stores, 'migrations'>): Promise<Map<string, Migration>> {
  const found = new Map<string, Migration>();
  let cursor: string | undefined;
  do {
    const page = await migrations.list({ states: STAGES, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const migration of page.migrations) found.set(migration.id, migration);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

async function presentOrGone({ migrations }: Read, id: string): Promise<Migration | undefined> {
  try {
    return await migrations.get(id);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** The log is read only where something is new, and only from there on. Who comes fresh has read it already. */
async function newsOf({ migrations }: Read, { migration, live, line }: Seen, before: Seen | undefined): Promise<News> {
  const isNewVersion = before?.migration.version !== migration.version;
  const known = before?.migration.version ?? migration.version;
  const read = migration.version > known ? await migrations.events(migration.id, known) : [];
  // What came in between is told with the migration that it made.
  const events = read.filter(({ version }) => version <= migration.version);
  const isNewLive = live !== undefined && live.at !== before?.live?.at;
  return { migration, live, line, events, isNewVersion, isNewLive, hasNewLines: line > (before?.line ?? 0) };
}
