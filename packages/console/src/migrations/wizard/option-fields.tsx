import { Checkbox } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { ChoiceField, TextField } from '../../ui/field.tsx';
import { ProveBootField } from './prove-boot-field.tsx';
import type { StepProps } from './step.ts';

const RUNNING = ['refuse', 'stop', 'force'] as const;
const VERIFY = ['none', 'written', 'full'] as const;

/** Of the migration as a whole. The defaults are what most people want: folded away. */
export function OptionFields({ kind, draft, onChange, fault }: StepProps & { readonly fault: string | undefined }) {
  const { t } = useTranslation();
  return (
    <details className="options panel" open={fault !== undefined || undefined}>
      <summary>{t('wizard.configure.options')}</summary>
      <div className="grid">
        <ChoiceField
          id="running"
          label={t('wizard.configure.running.label')}
          value={draft.running}
          choices={RUNNING.map((one) => [one, t(`wizard.configure.running.${one}`)] as const)}
          onChange={(running) => onChange({ ...draft, running })}
        />
        <ChoiceField
          id="verify"
          label={t('wizard.configure.verify.label')}
          value={draft.verify}
          choices={VERIFY.map((one) => [one, t(`wizard.configure.verify.${one}`)] as const)}
          onChange={(verify) => onChange({ ...draft, verify })}
        />
        <TextField
          id="bandwidth"
          label={t('wizard.configure.bandwidth')}
          value={draft.bandwidth}
          onChange={(bandwidth) => onChange({ ...draft, bandwidth })}
          error={fault}
        />
        <TextField
          id="not-before"
          type="datetime-local"
          label={t('wizard.configure.notBefore')}
          value={draft.notBefore}
          onChange={(notBefore) => onChange({ ...draft, notBefore })}
        />
        {kind === 'instance' && <ProveBootField draft={draft} onChange={onChange} />}
        {kind === 'instance' && (
          <Checkbox
            checked={draft.startAfterwards}
            onChange={(startAfterwards) => onChange({ ...draft, startAfterwards })}
          >
            {t('wizard.configure.startAfterwards')}
          </Checkbox>
        )}
      </div>
    </details>
  );
}
