import { useTranslation } from 'react-i18next';
import type { Migration } from '../../service/service.ts';
import { Panel } from '../../ui/page.tsx';
import { CheckList } from '../checks.tsx';

/** What was found before a byte was written. */
export function Checks({ migration }: { readonly migration: Migration }) {
  const { t } = useTranslation();
  const { checks } = migration;
  if (checks.length === 0) return null;
  const [passed, others] = [
    checks.filter(({ verdict }) => verdict === 'pass'),
    checks.filter(({ verdict }) => verdict !== 'pass'),
  ];
  return (
    <Panel title={t('migration.checks')}>
      <CheckList checks={others} />
      <details className="options">
        <summary>{t('wizard.check.passed', { count: passed.length })}</summary>
        <CheckList checks={passed} />
      </details>
    </Panel>
  );
}
