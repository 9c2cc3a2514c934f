import { Tag, type TagProps } from 'tdesign-react';
import { shareOfView, type LiveProgress } from '@diskferry/protocol';
import { useTranslation } from 'react-i18next';
import type { Migration } from '../service/service.ts';
import { useLive } from '../service/migrations.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { useFormat } from '../words/use-format.ts';

const THEMES: Readonly<Record<Migration['state'], TagProps['theme']>> = {
  queued: 'default',
  checking: 'primary',
  waiting: 'warning',
  stopping: 'primary',
  transferring: 'primary',
  verifying: 'primary',
  proving: 'primary',
  starting: 'primary',
  paused: 'warning',
  succeeded: 'success',
  failed: 'danger',
  cancelled: 'default',
};

/** Where a migration stands, and what it waits for. What was asked for and is not confirmed yet is said as such. */
export function StateTag({ migration }: { readonly migration: Migration }) {
  const { t } = useTranslation();
  const { state, waitsFor, asked } = migration;
  const words = waitsFor === null ? t(`migrationState.${state}`) : t(`waitsFor.${waitsFor}`);
  return (
    <Tag theme={THEMES[state]} variant="light" className="state" data-state={state}>
      {asked === null ? words : t(`asked.${asked}`)}
    </Tag>
  );
}

/** The share that is done: what the worker measures right now, or what the log knows. */
export function shareOf(migration: Migration, live: LiveProgress | undefined): number | undefined {
  if (migration.state === 'succeeded') return 1;
  const measured = live === undefined ? undefined : shareOfView(live);
  return (
    measured ??
    (migration.progress.total === null && migration.progress.done > 0 ? undefined : migration.progress.share)
  );
}

const TONES = { succeeded: 'good', failed: 'bad', cancelled: 'still', paused: 'still', waiting: 'still' } as const;

export function MigrationBar({ migration }: { readonly migration: Migration }) {
  const { t } = useTranslation();
  const live = useLive(migration.id);
  const tone = (TONES as Partial<Record<Migration['state'], 'good' | 'bad' | 'still'>>)[migration.state] ?? 'running';
  const label = `${t('migrations.progress')}: ${migration.name}`;
  return (
    <div className="migration-bar">
      <ProgressBar share={shareOf(migration, live)} tone={tone} label={label} />
      <LiveWords live={live} />
    </div>
  );
}

/** Speed and time left in one line. */
function LiveWords({ live }: { readonly live: LiveProgress | undefined }) {
  const format = useFormat();
  const remaining = useRemaining(live);
  if (live === undefined) return null;
  return (
    <span className="quiet small">
      {format.rate(live.speed.landed)}
      {remaining !== undefined && ` · ${remaining}`}
    </span>
  );
}

/** A range, as it was estimated: one number would claim more than is known. */
export function useRemaining(live: LiveProgress | undefined): string | undefined {
  const { t } = useTranslation();
  const { duration } = useFormat();
  const remaining = live?.remaining;
  if (!remaining) return undefined;
  const [low, high] = [duration(remaining.low), duration(remaining.high)];
  return low === high ? t('migrations.leftExact', { time: high }) : t('migrations.left', { low, high });
}
