import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useLiveMigration } from '../../service/live.ts';
import { answered, type Migration, type Schemas, service } from '../../service/service.ts';

export type LoggedEvent = Schemas['MigrationEvent'];
export type LogLine = Schemas['LogLine'];

interface Told {
  readonly events: readonly LoggedEvent[];
  readonly lines: readonly LogLine[];
  readonly isConnected: boolean;
}

/** As many as the service keeps. */
const MOST_LINES = 1000;

/**
 * What is told of a migration. Its events are read once, then told, each with its version; of the lines of its log all that
 * are kept are told to whoever comes, each with its number: nothing is shown twice.
 */
export function useTold({ id }: Migration): Told {
  const [toldEvents, setEvents] = useState<readonly LoggedEvent[]>([]);
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const onLogged = useCallback((event: LoggedEvent) => setEvents((before) => [...before, event]), []);
  const onLines = useCallback((more: readonly LogLine[]) => setLines((before) => joined(before, more)), []);
  const isConnected = useLiveMigration(id, { onLogged, onLines });
  const read = useQuery({
    queryKey: ['events', id],
    queryFn: async () =>
      (await answered(service.GET('/api/v1/migrations/{id}/events', { params: { path: { id } } }))).items,
  }).data;
  const events = useMemo(() => {
    const byVersion = new Map([...(read ?? []), ...toldEvents].map((event) => [event.version, event]));
    return [...byVersion.values()].toSorted((a, b) => a.version - b.version);
  }, [read, toldEvents]);
  return { events, lines, isConnected };
}

export function joined(before: readonly LogLine[], more: readonly LogLine[]): readonly LogLine[] {
  const last = before.at(-1)?.seq ?? 0;
  return [...before, ...more.filter(({ seq }) => seq > last)].slice(-MOST_LINES);
}
