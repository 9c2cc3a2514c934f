import { Button } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/page.tsx';
import { type FaultOf, LimitFields } from './limit-fields.tsx';
import { type HostDraft, NEW_HOST } from './settings-draft.ts';
import { MOST_HOSTS } from './settings-faults.ts';

interface Props {
  readonly hosts: readonly HostDraft[];
  readonly onChange: (hosts: readonly HostDraft[]) => void;
  readonly faultOf: FaultOf;
}

/** Limits of what is read from one host or bucket, below the one of all. */
export function HostLimits({ hosts, onChange, faultOf }: Props) {
  const { t } = useTranslation();
  const change = (index: number, changed: HostDraft): void => {
    onChange(hosts.map((one, at) => (at === index ? changed : one)));
  };
  return (
    <Panel title={t('settings.hosts')}>
      <p className="quiet">{t('settings.hostsHelp')}</p>
      {hosts.map((host, index) => (
        <fieldset className="host-limit" key={index}>
          <legend className="unseen">{host.name === '' ? t('settings.hostName') : host.name}</legend>
          <TextField
            id={`host-${index}-name`}
            label={t('settings.hostName')}
            help={t('settings.hostNameHelp')}
            value={host.name}
            onChange={(name) => change(index, { ...host, name })}
            error={faultOf(`host-${index}-name`)}
          />
          <LimitFields
            id={`host-${index}`}
            limit={host.limit}
            onChange={(limit) => change(index, { ...host, limit })}
            faultOf={faultOf}
          />
          <div className="row end">
            <Button variant="text" theme="danger" onClick={() => onChange(hosts.filter((_, at) => at !== index))}>
              {t('settings.removeHost')}
            </Button>
          </div>
        </fieldset>
      ))}
      {hosts.length < MOST_HOSTS && (
        <div className="row">
          <Button variant="outline" theme="default" onClick={() => onChange([...hosts, NEW_HOST])}>
            {t('settings.addHost')}
          </Button>
        </div>
      )}
    </Panel>
  );
}
