import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useLiveMigration } from '../../service/live.ts';
import { answered, type Migration, type Schemas, service } from '../../service/service.ts';

export type LoggedEvent = Schemas['MigrationEvent'];

/** The log of a migration: read once, then told. Each event has its version, so nothing is shown twice. */
export function useEvents({ id }: Migration): {
  readonly events: readonly LoggedEvent[];
  readonly isConnected: boolean;
} {
  const [told, setTold] = useState<readonly LoggedEvent[]>([]);
  const onLogged = useCallback((event: LoggedEvent) => setTold((before) => [...before, event]), []);
  const isConnected = useLiveMigration(id, onLogged);
  const read = useQuery({
    queryKey: ['events', id],
    queryFn: async () =>
      (await answered(service.GET('/api/v1/migrations/{id}/events', { params: { path: { id } } }))).items,
  }).data;
  const events = useMemo(() => {
    const byVersion = new Map([...(read ?? []), ...told].map((event) => [event.version, event]));
    return [...byVersion.values()].toSorted((a, b) => a.version - b.version);
  }, [read, told]);
  return { events, isConnected };
}
