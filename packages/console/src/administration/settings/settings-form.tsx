import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answered, type Schemas, service } from '../../service/service.ts';
import { useMay } from '../../service/session.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/page.tsx';
import { useAction } from '../../ui/use-action.ts';
import { HostLimits } from './host-limits.tsx';
import { type FaultOf, LimitFields } from './limit-fields.tsx';
import { NotSaved } from './not-saved.tsx';
import { draftOf, type SettingsDraft, settingsOf } from './settings-draft.ts';
import { SETTINGS_KEY } from './settings-key.ts';
import { faultsOf } from './settings-faults.ts';

interface Props {
  readonly found: Schemas['VersionedSettings'];
  /** Whether it is here that they were saved. */
  readonly isSaved: boolean;
  readonly onSaved: (version: number) => void;
}

/** All limits at once; what is wrong stands beside its field and is not sent. */
export function SettingsForm({ found, isSaved, onSaved }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const [kept] = useState(() => draftOf(found.settings));
  const [draft, setDraft] = useState(kept);
  const [isTried, setTried] = useState(false);
  const saving = useAction(async () => {
    const body = { version: found.version, settings: settingsOf(draft) };
    const answer = await answered(service.PUT('/api/v1/settings', { body }));
    queries.setQueryData(SETTINGS_KEY, answer);
    onSaved(answer.version);
  });
  const faults = faultsOf(draft);
  const faultOf: FaultOf = (field) => {
    const name = faults[field];
    return isTried && name !== undefined ? t(`settings.errors.${name}`) : undefined;
  };
  const why = may('settings.change') ? null : t('state.notAllowed');
  const save = (): void => {
    if (why !== null) return;
    setTried(true);
    const [first] = Object.keys(faults);
    if (first === undefined) saving.run();
    else document.getElementById(first)?.focus();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save();
  };
  return (
    <form onSubmit={submit} noValidate>
      {isSaved && draft === kept && saving.error === null && (
        <Notice theme="success" role="status" message={t('settings.saved')} />
      )}
      <Panel title={t('settings.bandwidth')}>
        <p className="quiet">{t('settings.bandwidthHelp')}</p>
        <LimitFields
          id="global"
          limit={draft.global}
          onChange={(global) => setDraft({ ...draft, global })}
          faultOf={faultOf}
        />
      </Panel>
      <HostLimits hosts={draft.hosts} onChange={(hosts) => setDraft({ ...draft, hosts })} faultOf={faultOf} />
      <Concurrency draft={draft} onChange={setDraft} faultOf={faultOf} />
      {saving.error !== null && <NotSaved error={saving.error} />}
      <footer className="row end">
        <ActionButton theme="primary" variant="base" why={why} loading={saving.isRunning} onClick={save}>
          {t('act.save')}
        </ActionButton>
      </footer>
    </form>
  );
}

interface PartProps {
  readonly draft: SettingsDraft;
  readonly onChange: (draft: SettingsDraft) => void;
  readonly faultOf: FaultOf;
}

function Concurrency({ draft, onChange, faultOf }: PartProps) {
  const { t } = useTranslation();
  return (
    <Panel title={t('settings.concurrency')}>
      <div className="grid">
        {(['worker', 'host', 'provider'] as const).map((name) => (
          <TextField
            key={name}
            id={name}
            type="number"
            label={t(`settings.${name}`)}
            {...(name === 'worker' ? {} : { help: t('settings.noCount') })}
            isShort
            value={draft[name]}
            onChange={(value) => onChange({ ...draft, [name]: value })}
            error={faultOf(name)}
          />
        ))}
      </div>
    </Panel>
  );
}
