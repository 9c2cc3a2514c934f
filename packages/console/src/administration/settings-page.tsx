import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'tdesign-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '../service/problem.ts';
import { answered, type Schemas, service } from '../service/service.ts';
import { useMay } from '../service/session.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { TextField } from '../ui/field.tsx';
import { Page, Panel } from '../ui/page.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { Queried } from '../ui/queried.tsx';
import { useAction } from '../ui/use-action.ts';
import { areRatesFine, draftOf, NEW_WINDOW, type SettingsDraft, settingsOf } from './settings-draft.ts';
import { Notice } from '../ui/notice.tsx';

type Versioned = Schemas['VersionedSettings'];

const KEY = ['settings'];

export function SettingsPage() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: KEY, queryFn: () => answered(service.GET('/api/v1/settings')) });
  return (
    <Page title={t('settings.title')}>
      <Queried query={query}>{(found) => <Form key={found.version} found={found} />}</Queried>
    </Page>
  );
}

function Form({ found }: { readonly found: Versioned }) {
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(found.settings));
  const saving = useAction(async () => {
    const body = { version: found.version, settings: settingsOf(draft, found.settings) };
    queries.setQueryData(KEY, await answered(service.PUT('/api/v1/settings', { body })));
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (may('settings.change') && areRatesFine(draft)) saving.run();
  };
  const isOld = saving.error instanceof ProblemError && saving.error.problem.status === 409;
  return (
    <form onSubmit={submit}>
      <Bandwidth draft={draft} onChange={setDraft} />
      <Concurrency draft={draft} onChange={setDraft} />
      {isOld && <Notice theme="warning" role="alert" message={t('settings.changedElsewhere')} />}
      {saving.error !== null && !isOld && <ProblemBox error={saving.error} />}
      <footer className="row end">
        <ActionButton
          theme="primary"
          variant="base"
          why={may('settings.change') ? null : t('state.notAllowed')}
          loading={saving.isRunning}
          onClick={() => areRatesFine(draft) && saving.run()}
        >
          {t('act.save')}
        </ActionButton>
      </footer>
    </form>
  );
}

interface PartProps {
  readonly draft: SettingsDraft;
  readonly onChange: (draft: SettingsDraft) => void;
}

function Bandwidth({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  const change = (index: number, part: Partial<SettingsDraft['windows'][number]>): void => {
    onChange({ ...draft, windows: draft.windows.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  };
  return (
    <Panel title={t('settings.bandwidth')}>
      <p className="quiet">{t('settings.bandwidthHelp')}</p>
      <TextField
        id="global"
        label={t('settings.global')}
        value={draft.global}
        onChange={(global) => onChange({ ...draft, global })}
      />
      <h3>{t('settings.windows')}</h3>
      {draft.windows.map((window, index) => (
        <div className="grid" key={index}>
          {(['from', 'to', 'rate'] as const).map((name) => (
            <TextField
              key={name}
              id={`window-${index}-${name}`}
              label={t(`settings.${name}`)}
              value={window[name]}
              onChange={(value) => change(index, { [name]: value })}
            />
          ))}
          <Button
            variant="text"
            theme="danger"
            onClick={() => onChange({ ...draft, windows: draft.windows.filter((_, at) => at !== index) })}
          >
            {t('settings.removeWindow')}
          </Button>
        </div>
      ))}
      <div className="row">
        <Button
          variant="outline"
          theme="default"
          onClick={() => onChange({ ...draft, windows: [...draft.windows, NEW_WINDOW] })}
        >
          {t('settings.addWindow')}
        </Button>
      </div>
    </Panel>
  );
}

function Concurrency({ draft, onChange }: PartProps) {
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
            value={draft[name]}
            onChange={(value) => onChange({ ...draft, [name]: value })}
          />
        ))}
      </div>
    </Panel>
  );
}
