import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MIGRATION_ACTIONS, type MigrationAction } from '@diskferry/protocol';
import { type Acting, useAct } from '../service/migrations.ts';
import type { Migration } from '../service/service.ts';
import { useMay } from '../service/session.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { useAction } from '../ui/use-action.ts';
import { openWarnings } from './accept-warnings.tsx';
import { proofObstacle } from './proof/accept-proof.tsx';
import { ActionDialog } from './action-dialog.tsx';

interface Props {
  readonly migration: Migration;
  /** Only what is possible now: in a list there is no room for the rest. */
  readonly isShort?: boolean;
}

/** What may be done with a migration, each with the reason where it may not. The service decides; this only shows it. */
export function MigrationActions({ migration, isShort = false }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const act = useAct();
  const [open, setOpen] = useState<MigrationAction>();
  const acting = useAction(
    (ask: Omit<Acting, 'id'>) => act({ id: migration.id, ...ask }),
    () => setOpen(undefined),
  );
  const close = (): void => {
    acting.reset();
    setOpen(undefined);
  };
  const begin = (action: MigrationAction): void => {
    if (isAskedAbout(migration, action)) setOpen(action);
    else acting.run({ action: action as Acting['action'] });
  };
  const shown = MIGRATION_ACTIONS.filter((action) => !isShort || isInList(migration, action));
  return (
    <>
      <div className="row actions">
        {shown.map((action) => (
          <ActionButton
            key={action}
            size="small"
            {...(isWanted(migration, action) ? { theme: 'primary', variant: 'base' } : {})}
            why={may(`migration.${action}`) ? reasonAgainst(migration, action) : t('state.notAllowed')}
            onClick={() => begin(action)}
          >
            {t(`action.${action}`)}
          </ActionButton>
        ))}
      </div>
      {acting.error !== null && open === undefined && <ProblemBox error={acting.error} />}
      {open !== undefined && <ActionDialog {...{ migration, acting }} action={open} onClose={close} />}
    </>
  );
}

/** Whether it needs another word from the person before it is done. */
function isAskedAbout(migration: Migration, action: MigrationAction): boolean {
  if (action === 'resume') return proofObstacle(migration) !== undefined || openWarnings(migration).length > 0;
  return action === 'cancel' || action === 'replace-link' || action === 'change-bandwidth';
}

function verdictOf({ actions }: Migration, action: MigrationAction) {
  return actions.find((one) => one.action === action);
}

function reasonAgainst(migration: Migration, action: MigrationAction): string | null {
  const verdict = verdictOf(migration, action);
  return verdict === undefined || verdict.allowed ? null : (verdict.reason ?? verdict.code);
}

function isInList(migration: Migration, action: MigrationAction): boolean {
  if (action === 'change-bandwidth') return false;
  return verdictOf(migration, action)?.allowed === true && (action !== 'replace-link' || isWanted(migration, action));
}

/** What it waits for a person to do. */
function isWanted({ state, waitsFor }: Migration, action: MigrationAction): boolean {
  if (waitsFor === 'link' || waitsFor === 'credentials') return action === 'replace-link';
  if (state === 'paused' || waitsFor === 'person') return action === 'resume';
  return state === 'failed' && action === 'retry';
}
