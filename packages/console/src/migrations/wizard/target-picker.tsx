import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useInstances, useVolumes } from '../../service/places.ts';
import type { Instance, Volume } from '../../service/service.ts';
import { DeviceName } from '../../ui/device-name.tsx';
import { Queried } from '../../ui/queried.tsx';
import { useFormat } from '../../words/use-format.ts';

interface Props {
  readonly id: string;
  readonly what: 'instance' | 'volume';
  readonly label: string;
  readonly chosen: string | null;
  /** Chosen for other images. */
  readonly taken: readonly string[];
  readonly onChoose: (id: string) => void;
  readonly fault: string | undefined;
}

/** All that there is, searchable; what cannot be chosen says why, instead of being left out. */
export function TargetPicker(props: Props) {
  const { t } = useTranslation();
  const { id, what, label, fault } = props;
  const [text, setText] = useState('');
  return (
    <fieldset id={id} tabIndex={-1} className={`field targets${fault === undefined ? '' : ' has-error'}`}>
      <legend>{label}</legend>
      <input
        className="input"
        type="search"
        aria-label={`${t('act.search')}: ${t('wizard.configure.targetSearch')}`}
        placeholder={t('wizard.configure.targetSearch')}
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
      />
      {what === 'instance' ? <InstanceChoices {...props} text={text} /> : <VolumeChoices {...props} text={text} />}
      {fault !== undefined && (
        <p className="field-error" role="alert">
          {fault}
        </p>
      )}
    </fieldset>
  );
}

function InstanceChoices({ text, ...props }: Props & { readonly text: string }) {
  const { t } = useTranslation();
  const query = useInstances(text);
  const volumes = useVolumes().data ?? [];
  return (
    <Queried query={query}>
      {(instances) => {
        if (instances.length === 0) return <Nothing what="instance" isSearch={text !== ''} />;
        return instances.map((instance) => (
          <Choice
            key={instance.id}
            {...props}
            thing={instance}
            size={volumes.find(({ id }) => id === instance.systemVolume)?.size}
            state={t(`instances.state.${instance.state}`)}
          />
        ));
      }}
    </Queried>
  );
}

function VolumeChoices({ text, ...props }: Props & { readonly text: string }) {
  const { t } = useTranslation();
  const query = useVolumes(text);
  return (
    <Queried query={query}>
      {(all) => {
        const volumes = all.filter(({ role }) => role === 'data');
        if (volumes.length === 0) return <Nothing what="data" isSearch={text !== ''} />;
        return volumes.map((volume) => (
          <Choice
            key={volume.id}
            {...props}
            thing={volume}
            size={volume.size}
            state={t(`volumes.state.${volume.state}`)}
          />
        ));
      }}
    </Queried>
  );
}

function Nothing({ what, isSearch }: { readonly what: 'instance' | 'data'; readonly isSearch: boolean }) {
  const { t } = useTranslation();
  if (isSearch) return <p className="quiet">{t('state.nothingFound')}</p>;
  const [to, words] =
    what === 'instance' ? (['/instances?new=1', 'makeInstance'] as const) : (['/volumes?new=1', 'makeVolume'] as const);
  return (
    <p className="quiet">
      {t(`wizard.configure.noTargets.${what}`)} <Link to={to}>{t(`wizard.configure.${words}`)}</Link>
    </p>
  );
}

interface ChoiceProps extends Props {
  readonly thing: Instance | Volume;
  readonly size: number | undefined;
  readonly state: string;
}

function Choice({ id, chosen, taken, onChoose, thing, size, state }: ChoiceProps) {
  const { t } = useTranslation();
  const { bytes } = useFormat();
  const why = taken.includes(thing.id) ? t('wizard.errors.sameTarget') : thing.notATarget?.reason;
  const inputId = `${id}-${thing.id}`;
  return (
    <label className={`target${why === undefined ? '' : ' is-off'}`} htmlFor={inputId}>
      <input
        id={inputId}
        type="radio"
        name={id}
        checked={chosen === thing.id}
        disabled={why !== undefined}
        onChange={() => onChoose(thing.id)}
      />
      <span className="target-name">
        <b>{thing.name}</b> <code className="quiet small">{thing.id}</code>
        {'device' in thing && thing.device !== null && (
          <span className="quiet small block">
            <DeviceName device={thing.device} />
          </span>
        )}
      </span>
      <span className="small">
        {size === undefined ? thing.zone : t('wizard.configure.current', { size: bytes(size), zone: thing.zone })} ·{' '}
        {state}
      </span>
      {why !== undefined && <span className="target-why">{why}</span>}
    </label>
  );
}
