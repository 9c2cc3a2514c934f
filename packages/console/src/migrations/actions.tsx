import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MIGRATION_ACTIONS, type MigrationAction } from '@diskferry/protocol';
import { useAct } from '../service/migrations.ts';
import type { Migration } from '../service/service.ts';
import { useMay } from '../service/session.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { Modal } from '../ui/modal.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { useAction } from '../ui/use-action.ts';
import { NewLimit } from './new-limit.tsx';
import { NewLink } from './new-link.tsx';

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
  const close = (): void => setOpen(undefined);
  const acting = useAction(
    (action: 'pause' | 'resume' | 'cancel' | 'retry') => act({ id: migration.id, action }),
    close,
  );

  const begin = (action: MigrationAction): void => {
    if (action === 'pause' || action === 'resume' || action === 'retry') acting.run(action);
    else setOpen(action);
  };
  const shown = MIGRATION_ACTIONS.filter((action) => !isShort || isInList(migration, action));
  return (
    <>
      <div className="row actions">
        {shown.map((action) => (
          <ActionButton
            key={action}
            size="small"
            theme={isWanted(migration, action) ? 'primary' : 'default'}
            why={may(`migration.${action}`) ? reasonAgainst(migration, action) : t('state.notAllowed')}
            onClick={() => begin(action)}
          >
            {t(`action.${action}`)}
          </ActionButton>
        ))}
      </div>
      {acting.error !== null && open === undefined && <ProblemBox error={acting.error} />}
      {open === 'cancel' && (
        <CancelSure
          migration={migration}
          error={acting.error}
          isBusy={acting.isRunning}
          onClose={close}
          onConfirm={() => acting.run('cancel')}
        />
      )}
      {open === 'replace-link' && <NewLink migration={migration} onClose={close} />}
      {open === 'change-bandwidth' && <NewLimit migration={migration} onClose={close} />}
    </>
  );
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

interface CancelProps {
  readonly migration: Migration;
  readonly error: Error | null;
  readonly isBusy: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

function CancelSure({ migration, error, ...rest }: CancelProps) {
  const { t } = useTranslation();
  const isUntouched = migration.images.every(({ content }) => content.kind === 'untouched');
  return (
    <Modal
      title={t('action.cancelSure', { name: migration.name })}
      confirm={t('action.cancel')}
      closeLabel={t('action.keep')}
      isDanger
      {...rest}
    >
      <p>{isUntouched ? t('action.cancelUntouched') : t('action.cancelHelp')}</p>
      {error !== null && <ProblemBox error={error} />}
    </Modal>
  );
}
