import { foldCase } from '../../base/fold-case.ts';
import type { Migration } from '../../migrations/migration.ts';
import { isRunnable } from '../../migrations/stages.ts';
import type { ProjectedColumns } from '../database.ts';

/** The columns that follow from a migration. */
export function project(migration: Migration): ProjectedColumns {
  const { name, kind, standing, options, version } = migration;
  return {
    name_folded: foldCase(name),
    kind,
    state: standing.state,
    runnable: isRunnable(standing) ? 1 : 0,
    priority: options.priority,
    not_before: options.notBefore ?? 0,
    version,
    body: JSON.stringify(migration),
  };
}

export function fromBody({ body }: { readonly body: string }): Migration {
  return JSON.parse(body) as Migration;
}
