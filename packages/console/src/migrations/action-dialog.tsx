import { useTranslation } from 'react-i18next';
import type { MigrationAction } from '@diskferry/protocol';
import type { Acting } from '../service/migrations.ts';
import type { Migration } from '../service/service.ts';
import { Modal } from '../ui/modal.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import type { Action } from '../ui/use-action.ts';
import { AcceptWarnings, openWarnings } from './accept-warnings.tsx';
import { AcceptProof, proofObstacle } from './proof/accept-proof.tsx';
import { NewLimit } from './new-limit.tsx';
import { NewLink } from './new-link.tsx';

interface Props {
  readonly migration: Migration;
  readonly action: MigrationAction;
  readonly acting: Action<Omit<Acting, 'id'>>;
  readonly onClose: () => void;
}

/** What an action needs to know, or asks once more. */
export function ActionDialog({ migration, action, acting, onClose }: Props) {
  const common = { error: acting.error, isBusy: acting.isRunning, onClose };
  if (action === 'replace-link') return <NewLink migration={migration} onClose={onClose} />;
  if (action === 'change-bandwidth') return <NewLimit migration={migration} onClose={onClose} />;
  if (action === 'resume') {
    const resume = (accept: readonly string[]): void => acting.run({ action, accept });
    const obstacle = proofObstacle(migration);
    if (obstacle !== undefined) return <AcceptProof {...{ migration, obstacle }} onResume={resume} {...common} />;
    return <AcceptWarnings warnings={openWarnings(migration)} onConfirm={resume} {...common} />;
  }
  return <CancelSure migration={migration} onConfirm={() => acting.run({ action: 'cancel' })} {...common} />;
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
