import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useInstance, useVolumes } from '../service/places.ts';
import type { Instance } from '../service/service.ts';
import { useMay } from '../service/session.ts';
import { Fact, FactRows, Facts } from '../ui/facts.tsx';
import { Page, Panel } from '../ui/page.tsx';
import { Queried } from '../ui/queried.tsx';
import { useFormat } from '../words/use-format.ts';
import { InstanceActions } from './instance-actions.tsx';
import { InstanceState } from './instances-page.tsx';
import { Screen } from './screen.tsx';
import { SerialConsole } from './serial-console.tsx';
import { TypingLine } from './typing-line.tsx';

export function InstancePage() {
  const { id = '' } = useParams();
  const query = useInstance(id);
  return <Queried query={query}>{(instance) => <Shown instance={instance} />}</Queried>;
}

function Shown({ instance }: { readonly instance: Instance }) {
  const { t } = useTranslation();
  const may = useMay();
  const { bytes, number } = useFormat();
  const { id, name, zone, region, firmware, cpus, memory, heldBy } = instance;
  const facts: readonly (readonly [string, string])[] = [
    [t('field.region'), region],
    [t('field.zone'), zone],
    [t('instances.firmwareLabel'), t(`instances.firmware.${firmware}`)],
    [t('instances.cpus'), number(cpus)],
    [t('instances.memory'), bytes(memory)],
  ];
  return (
    <Page
      title={name}
      about={<code className="small">{id}</code>}
      actions={<InstanceActions instance={instance} isWhole />}
    >
      <Panel>
        <div className="standing">
          <InstanceState instance={instance} />
          {heldBy !== null && <span>{heldBy.why}</span>}
        </div>
        <Facts>
          <FactRows rows={facts} />
          <VolumeFacts instance={instance} />
        </Facts>
      </Panel>
      {may('instance.read-console') && (
        <SerialConsole id={id}>
          <TypingLine instance={instance} />
        </SerialConsole>
      )}
      {may('instance.read-console') && instance.state === 'running' && <Screen id={id} />}
    </Page>
  );
}

function VolumeFacts({ instance: { systemVolume, dataVolumes } }: { readonly instance: Instance }) {
  const { t } = useTranslation();
  const { bytes } = useFormat();
  const volumes = useVolumes().data ?? [];
  const named = (id: string) => {
    const volume = volumes.find((one) => one.id === id);
    return (
      <Link key={id} to={`/volumes?q=${encodeURIComponent(id)}`}>
        {volume === undefined ? id : `${volume.name}, ${bytes(volume.size)}`}
      </Link>
    );
  };
  return (
    <>
      <Fact name={t('instances.systemVolume')}>{named(systemVolume)}</Fact>
      {dataVolumes.length > 0 && (
        <Fact name={t('instances.dataVolumes')}>
          <span className="row">{dataVolumes.map(named)}</span>
        </Fact>
      )}
    </>
  );
}
