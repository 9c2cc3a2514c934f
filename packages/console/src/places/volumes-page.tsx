import { AddIcon } from 'tdesign-icons-react';
import { Tag } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useInstances, useVolumes } from '../service/places.ts';
import type { Volume } from '../service/service.ts';
import { useMay } from '../service/session.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Empty, Page, Panel } from '../ui/page.tsx';
import { DeviceName } from '../ui/device-name.tsx';
import { Queried } from '../ui/queried.tsx';
import { useFormat } from '../words/use-format.ts';
import { NewVolume } from './new-volume.tsx';
import { SearchField, useSearchText } from '../ui/search-field.tsx';
import { useNew } from './use-new.ts';
import { VolumeActions } from './volume-actions.tsx';

export function VolumesPage() {
  const { t } = useTranslation();
  const may = useMay();
  const text = useSearchText();
  const query = useVolumes(text);
  const [isNew, setNew] = useNew();
  const columns = useColumns();
  const add = (
    <ActionButton
      theme="primary"
      variant="base"
      icon={<AddIcon aria-hidden="true" />}
      why={may('volume.create') ? null : t('state.notAllowed')}
      onClick={() => setNew(true)}
    >
      {t('volumes.new')}
    </ActionButton>
  );
  return (
    <Page title={t('volumes.title')} about={t('volumes.about')} actions={add}>
      <Panel>
        <SearchField />
        <Queried query={query}>
          {(volumes) => {
            if (volumes.length > 0) {
              return <DataTable label={t('volumes.title')} rows={volumes} columns={columns} keyOf={({ id }) => id} />;
            }
            if (text !== '') return <p className="quiet">{t('state.nothingFound')}</p>;
            return <Empty title={t('volumes.none')} help={t('volumes.noneHelp')} />;
          }}
        </Queried>
      </Panel>
      {isNew && <NewVolume onClose={() => setNew(false)} />}
    </Page>
  );
}

function useColumns(): readonly Column<Volume>[] {
  const { t } = useTranslation();
  const { bytes } = useFormat();
  const instances = useInstances().data ?? [];
  return [
    {
      key: 'name',
      title: t('field.name'),
      show: ({ id, name, device }) => (
        <>
          <b>{name}</b> <code className="quiet small">{id}</code>
          {device !== null && (
            <span className="quiet small">
              <DeviceName device={device} />
            </span>
          )}
        </>
      ),
    },
    { key: 'size', title: t('field.size'), show: ({ size }) => bytes(size) },
    { key: 'role', title: t('volumes.roleLabel'), show: ({ role }) => t(`volumes.role.${role}`) },
    {
      key: 'state',
      title: t('field.state'),
      show: ({ state, heldBy }) => (
        <>
          <Tag variant="light" theme={state === 'attached' ? 'primary' : 'default'}>
            {t(`volumes.state.${state}`)}
          </Tag>
          {heldBy !== null && <span className="quiet small">{heldBy.why}</span>}
        </>
      ),
    },
    {
      key: 'attached',
      title: t('volumes.attachedTo'),
      show: ({ attachment }) => {
        if (attachment === null) return '';
        const { instance } = attachment;
        return (
          <Link to={`/instances/${instance}`}>{instances.find(({ id }) => id === instance)?.name ?? instance}</Link>
        );
      },
    },
    { key: 'zone', title: t('field.zone'), show: ({ zone }) => zone },
    { key: 'actions', title: t('field.actions'), show: (volume) => <VolumeActions volume={volume} /> },
  ];
}
