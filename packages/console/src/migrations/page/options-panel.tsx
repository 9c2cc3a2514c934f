import { useTranslation } from 'react-i18next';
import type { Migration } from '../../service/service.ts';
import { FactRows, Facts } from '../../ui/facts.tsx';
import { Panel } from '../../ui/page.tsx';
import { useFormat } from '../../words/use-format.ts';

export function OptionsPanel({ migration }: { readonly migration: Migration }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { options, worker, createdAt, createdBy, kind } = migration;
  const facts: readonly (readonly [string, string])[] = [
    [t('field.created'), `${format.dateTime(createdAt)} ${t('migrations.createdBy', { name: createdBy })}`],
    [t('migration.worker'), worker ?? '–'],
    [t('migration.limit'), options.bandwidth === null ? t('migration.noLimit') : format.rate(options.bandwidth)],
    [t('migration.verifyLabel'), t(`migration.verify.${options.verify}`)],
    ...(kind === 'instance'
      ? ([
          [t('wizard.configure.running.label'), t(`wizard.configure.running.${options.runningInstance}`)],
          [t('proof.option.label'), t(`proof.option.${options.proveBoot}`)],
        ] as const)
      : []),
  ];
  return (
    <Panel title={t('migration.options')}>
      <Facts>
        <FactRows rows={facts} />
      </Facts>
    </Panel>
  );
}
