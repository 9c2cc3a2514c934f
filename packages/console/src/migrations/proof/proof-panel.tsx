import { Loading } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import type { Migration } from '../../service/service.ts';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/page.tsx';
import { ProofResult } from './proof-result.tsx';

const THEMES = { booted: 'success', failed: 'error', unknown: 'info' } as const;

/** While a copy of the disks comes up, and afterwards: whether it did. Nothing where none was asked for. */
export function ProofPanel({ migration }: { readonly migration: Migration }) {
  const { t } = useTranslation();
  const { bootProof, state } = migration;
  if (state === 'proving') {
    return (
      <Panel title={t('proof.title')}>
        <Loading size="small" text={t('migrationState.proving')} />
        <p className="quiet">{t('proof.running')}</p>
      </Panel>
    );
  }
  if (bootProof === null) return null;
  const { verdict } = bootProof;
  return (
    <Panel title={t('proof.title')}>
      <div data-proof={verdict}>
        <Notice theme={THEMES[verdict]} message={t(`proof.verdict.${verdict}`)} />
      </div>
      <ProofResult migration={migration} proof={bootProof} />
    </Panel>
  );
}
