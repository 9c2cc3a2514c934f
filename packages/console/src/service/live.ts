import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { isOver, STAGES, type LiveProgress, type Stage } from '@diskferry/protocol';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { follow } from './events.ts';
import { KEYS } from './migrations.ts';
import type { Migration, Schemas } from './service.ts';
import { useVisible } from './use-visible.ts';

type Event = Schemas['MigrationEvent'];

/** Keeps everything that runs up to date, wherever it is shown. @returns whether the service can be heard */
export function useLiveMigrations(): boolean {
  return useFollowing('/api/v1/migrations/progress', (queries, event, data) => {
    if (event === 'migration') tellMigration(queries, data as Migration);
    if (event === 'live') tellLive(queries, (data as { id: string }).id, data as LiveProgress);
  });
}

interface Telling {
  readonly onLogged: (event: Event) => void;
  readonly onLines: (lines: readonly Schemas['LogLine'][]) => void;
}

/** Keeps one migration up to date, with what is logged about it. */
export function useLiveMigration(id: string, { onLogged, onLines }: Telling): boolean {
  return useFollowing(`/api/v1/migrations/${encodeURIComponent(id)}/progress`, (queries, event, data) => {
    if (event === 'migration') tellMigration(queries, data as Migration);
    if (event === 'live') tellLive(queries, id, data as LiveProgress);
    if (event === 'logged') onLogged(data as Event);
    if (event === 'lines') onLines((data as Schemas['LogLineList']).items);
  });
}

function useFollowing(path: string, tell: (queries: QueryClient, event: string, data: unknown) => void): boolean {
  const queries = useQueryClient();
  const { language } = useTranslation().i18n;
  const [isConnected, setConnected] = useState(true);
  const isVisible = useVisible();
  useEffect(() => {
    if (!isVisible) return undefined;
    const gone = new AbortController();
    const following = follow(path, {
      onEvent: ({ event = '', data }) => tell(queries, event, JSON.parse(data)),
      onConnected: setConnected,
      signal: gone.signal,
    });
    // Refused: the query of the same page is refused as well, and says why.
    following.catch(() => setConnected(false));
    return () => gone.abort();
    // `tell` is another function at every look, and does the same.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [queries, path, language, isVisible]);
  return isConnected;
}

/** An older version, from an answer that took longer, is dropped. */
function tellMigration(queries: QueryClient, migration: Migration): void {
  queries.setQueryData<Migration>(KEYS.one(migration.id), (known) => newer(known, migration));
  queries.setQueriesData<Schemas['MigrationPage']>({ queryKey: KEYS.all }, (page) => {
    return page && { ...page, items: page.items.map((one) => (one.id === migration.id ? newer(one, migration) : one)) };
  });
  if (!(STAGES as readonly string[]).includes(migration.state)) queries.setQueryData(KEYS.live(migration.id), null);
  if (isOver(migration.state)) void queries.invalidateQueries({ queryKey: KEYS.all });
}

function newer(known: Migration | undefined, told: Migration): Migration {
  return known !== undefined && known.version > told.version ? known : told;
}

function tellLive(queries: QueryClient, id: string, live: LiveProgress): void {
  const known = queries.getQueryData<Migration>(KEYS.one(id));
  // What was measured last is told once more to whoever comes, though the migration may stand still by now.
  if (known !== undefined && !STAGES.includes(known.state as Stage)) return;
  queries.setQueryData(KEYS.live(id), live);
}
