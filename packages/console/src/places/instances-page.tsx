import { AddIcon } from 'tdesign-icons-react';
import { Tag } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useInstances, useVolumes } from '../service/places.ts';
import type { Instance } from '../service/service.ts';
import { useMay } from '../service/session.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Empty, Page, Panel } from '../ui/page.tsx';
import { Queried } from '../ui/queried.tsx';
import { useFormat } from '../words/use-format.ts';
import { InstanceActions } from './instance-actions.tsx';
import { NewInstance } from './new-instance.tsx';
import { SearchField, useSearchText } from '../ui/search-field.tsx';
import { useNew } from './use-new.ts';

export function InstancesPage() {
  const { t } = useTranslation();
  const may = useMay();
  const text = useSearchText();
  const query = useInstances(text);
  const [isNew, setNew] = useNew();
  const columns = useColumns();
  const add = (
    <ActionButton
      theme="primary"
      variant="base"
      icon={<AddIcon aria-hidden="true" />}
      why={may('instance.create') ? null : t('state.notAllowed')}
      onClick={() => setNew(true)}
    >
      {t('instances.new')}
    </ActionButton>
  );
  return (
    <Page title={t('instances.title')} about={t('instances.about')} actions={add}>
      <Panel>
        <SearchField />
        <Queried query={query}>
          {(instances) => {
            if (instances.length > 0) {
              return (
                <DataTable label={t('instances.title')} rows={instances} columns={columns} keyOf={({ id }) => id} />
              );
            }
            if (text !== '') return <p className="quiet">{t('state.nothingFound')}</p>;
            return <Empty title={t('instances.none')} help={t('instances.noneHelp')} />;
          }}
        </Queried>
      </Panel>
      {isNew && <NewInstance onClose={() => setNew(false)} />}
    </Page>
  );
}

export function InstanceState({ instance: { state } }: { readonly instance: Instance }) {
  const { t } = useTranslation();
  return (
    <Tag variant="light" theme={state === 'running' ? 'success' : 'default'} data-state={state}>
      {t(`instances.state.${state}`)}
    </Tag>
  );
}

function useColumns(): readonly Column<Instance>[] {
  const { t } = useTranslation();
  const { bytes, number } = useFormat();
  const volumes = useVolumes().data ?? [];
  const sizeOf = (id: string): string => {
    const size = volumes.find((volume) => volume.id === id)?.size;
    return size === undefined ? '' : bytes(size);
  };
  return [
    {
      key: 'name',
      title: t('field.name'),
      show: ({ id, name }) => (
        <>
          <Link to={`/instances/${id}`}>{name}</Link> <code className="quiet small">{id}</code>
        </>
      ),
    },
    {
      key: 'state',
      title: t('field.state'),
      show: (instance) => (
        <>
          <InstanceState instance={instance} />
          {instance.heldBy !== null && <span className="quiet small">{instance.heldBy.why}</span>}
        </>
      ),
    },
    { key: 'zone', title: t('field.zone'), show: ({ zone }) => zone },
    {
      key: 'firmware',
      title: t('instances.firmwareLabel'),
      show: ({ firmware }) => t(`instances.firmware.${firmware}`),
    },
    { key: 'cpus', title: t('instances.cpus'), show: ({ cpus }) => number(cpus) },
    { key: 'memory', title: t('instances.memory'), show: ({ memory }) => bytes(memory) },
    { key: 'system', title: t('instances.systemVolume'), show: ({ systemVolume }) => sizeOf(systemVolume) },
    { key: 'actions', title: t('field.actions'), show: (instance) => <InstanceActions instance={instance} /> },
  ];
}
