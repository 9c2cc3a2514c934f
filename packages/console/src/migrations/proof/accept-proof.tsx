import { PROOF_OBSTACLES, type ProofObstacle } from '@diskferry/protocol';
import { Button, Checkbox } from 'tdesign-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Migration } from '../../service/service.ts';
import { Modal } from '../../ui/modal.tsx';
import { ProblemBox } from '../../ui/problem-box.tsx';
import { ProofResult } from './proof-result.tsx';

/** What of the boot proof a migration waits for a person to judge; undefined where it waits for nothing of the kind. */
export function proofObstacle({ waitsFor, waitCode }: Migration): ProofObstacle | undefined {
  return waitsFor === 'person' ? PROOF_OBSTACLES.find((code) => code === waitCode) : undefined;
}

interface Props {
  readonly migration: Migration;
  readonly obstacle: ProofObstacle;
  readonly error: Error | null;
  readonly isBusy: boolean;
  readonly onClose: () => void;
  /** With the codes that are accepted; with none the copy is started once more. */
  readonly onResume: (accept: readonly string[]) => void;
}

/** The evidence, what comes of going on, and the word that it is accepted; or another try. */
export function AcceptProof({ migration, obstacle, error, isBusy, onClose, onResume }: Props) {
  const { t } = useTranslation();
  const [isAccepted, setAccepted] = useState(false);
  const [isTried, setTried] = useState(false);
  const isMissing = isTried && !isAccepted;
  const confirm = (): void => {
    setTried(true);
    if (isAccepted) onResume([obstacle]);
  };
  const { bootProof, waitDetail, options } = migration;
  return (
    <Modal
      title={t(`proof.wait.title.${obstacle}`)}
      confirm={t('proof.wait.goOn')}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={confirm}
    >
      {obstacle === 'boot-failed' && bootProof !== null ? (
        <ProofResult migration={migration} proof={bootProof} />
      ) : (
        <p className="evidence">{waitDetail}</p>
      )}
      <ul className="consequences">
        <li>{t('proof.wait.disks')}</li>
        <li>{options.startAfterwards ? t('proof.wait.starts') : t('proof.wait.staysOff')}</li>
        <li>{t(`proof.wait.receipt.${obstacle}`)}</li>
      </ul>
      <div className={`field${isMissing ? ' has-error' : ''}`}>
        <Checkbox checked={isAccepted} onChange={setAccepted}>
          {t('proof.wait.accept')}
        </Checkbox>
        {isMissing && (
          <p className="field-error" role="alert">
            {t('proof.wait.needed')}
          </p>
        )}
      </div>
      <div className="row">
        <Button variant="outline" theme="default" loading={isBusy} onClick={() => onResume([])}>
          {t('proof.wait.again')}
        </Button>
      </div>
      {error !== null && <ProblemBox error={error} />}
    </Modal>
  );
}
