import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Migration } from '../../service/service.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { useFormat } from '../../words/use-format.ts';
import { MigrationActions } from '../actions.tsx';
import { MigrationBar, StateTag } from '../standing.tsx';
import { useTargetNames } from '../targets.ts';

interface Props {
  readonly label: string;
  readonly migrations: readonly Migration[];
  /** Without, none can be chosen. */
  readonly chosen?: ReadonlySet<string>;
  readonly onChoose?: (chosen: ReadonlySet<string>) => void;
}

export function MigrationTable({ label, migrations, chosen, onChoose }: Props) {
  const columns = useColumns();
  const first = useChoosing(migrations, chosen ?? new Set(), onChoose);
  return (
    <DataTable
      label={label}
      rows={migrations}
      keyOf={({ id }) => id}
      className="migrations"
      columns={onChoose === undefined ? columns : [first, ...columns]}
    />
  );
}

function useColumns(): readonly Column<Migration>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOfTarget = useTargetNames();
  return [
    {
      key: 'name',
      title: t('field.name'),
      className: 'wide',
      show: ({ id, name, images }) => (
        <>
          <Link to={`/migrations/${id}`}>{name}</Link>
          <span className="quiet small clip" title={images[0]?.source.link}>
            {images[0]?.source.link}
          </span>
        </>
      ),
    },
    {
      key: 'target',
      className: 'target-cell',
      title: t('migrations.target'),
      show: (migration) => nameOfTarget(migration),
    },
    {
      key: 'state',
      className: 'state-cell',
      title: t('field.state'),
      show: (migration) => <StateTag migration={migration} />,
    },
    {
      key: 'progress',
      title: t('migrations.progress'),
      className: 'wide',
      show: (migration) => <MigrationBar migration={migration} />,
    },
    {
      key: 'created',
      title: t('field.created'),
      className: 'short',
      show: ({ createdAt, createdBy }) => (
        <>
          <time dateTime={new Date(createdAt).toISOString()}>{format.shortTime(createdAt)}</time>
          <span className="quiet small">{t('migrations.createdBy', { name: createdBy })}</span>
        </>
      ),
    },
    {
      key: 'actions',
      title: t('field.actions'),
      className: 'actions-cell',
      show: (migration) => <MigrationActions migration={migration} isShort />,
    },
  ];
}

function useChoosing(
  migrations: readonly Migration[],
  chosen: ReadonlySet<string>,
  onChoose: ((chosen: ReadonlySet<string>) => void) | undefined,
): Column<Migration> {
  const { t } = useTranslation();
  const all = migrations.length > 0 && migrations.every(({ id }) => chosen.has(id));
  const toggle = (ids: readonly string[], isOn: boolean): void => {
    const next = new Set(chosen);
    for (const id of ids)
      if (isOn) next.add(id);
      else next.delete(id);
    onChoose?.(next);
  };
  const everyId = migrations.map(({ id }) => id);
  return {
    key: 'choose',
    className: 'choose',
    label: '',
    title: (
      <input
        type="checkbox"
        aria-label={t('migrations.selectAll')}
        checked={all}
        onChange={(event) => toggle(everyId, event.target.checked)}
      />
    ),
    show: ({ id, name }) => (
      <input
        type="checkbox"
        aria-label={t('migrations.select', { name })}
        checked={chosen.has(id)}
        onChange={(event) => toggle([id], event.target.checked)}
      />
    ),
  };
}
