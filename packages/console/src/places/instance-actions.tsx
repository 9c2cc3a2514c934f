import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlacesChanged } from '../service/places.ts';
import { answered, type Instance, service } from '../service/service.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { Modal } from '../ui/modal.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { useAction } from '../ui/use-action.ts';
import { useWhyNot } from './why-not.ts';

const GRACE_SECONDS = 60;

type Asked = 'stop' | 'delete';

/** Start, stop, delete, and the way into the wizard. */
export function InstanceActions({ instance, isWhole = false }: { readonly instance: Instance; readonly isWhole?: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const whyNot = useWhyNot();
  const changed = usePlacesChanged();
  const [asked, setAsked] = useState<Asked>();
  const { id, name, state, notATarget } = instance;
  const acting = useAction(async (what: 'start' | Asked) => {
    await changeInstance(id, what);
    await changed();
    if (what === 'delete' && isWhole) void navigate('/instances');
  }, () => setAsked(undefined));
  const isRunning = state === 'running';
  const target = new URLSearchParams({ target: id });
  return (
    <>
      <div className="row actions">
        <ActionButton
          size="small"
          why={whyNot('instance.start', instance) ?? (isRunning ? t('instances.running') : null)}
          loading={acting.isRunning && asked === undefined}
          onClick={() => acting.run('start')}
        >
          {t('instances.start')}
        </ActionButton>
        <ActionButton
          size="small"
          why={whyNot('instance.stop', instance) ?? (isRunning ? null : t('instances.stopped'))}
          onClick={() => setAsked('stop')}
        >
          {t('instances.stop')}
        </ActionButton>
        <ActionButton
          size="small"
          why={notATarget?.reason}
          onClick={() => void navigate(`/instance-migrations/new/prepare?${target}`)}
        >
          {t('instances.migrateHere')}
        </ActionButton>
        {isWhole && (
          <ActionButton size="small" theme="danger" why={whyNot('instance.delete', instance)} onClick={() => setAsked('delete')}>
            {t('act.delete')}
          </ActionButton>
        )}
      </div>
      {acting.error !== null && asked === undefined && <ProblemBox error={acting.error} />}
      {asked !== undefined && (
        <Modal
          title={t(`instances.${asked}Sure`, { name })}
          confirm={asked === 'stop' ? t('instances.stop') : t('act.delete')}
          isDanger
          isBusy={acting.isRunning}
          onClose={() => setAsked(undefined)}
          onConfirm={() => acting.run(asked)}
        >
          <p>{t(`instances.${asked}Help`)}</p>
          {acting.error !== null && <ProblemBox error={acting.error} />}
        </Modal>
      )}
    </>
  );
}

async function changeInstance(id: string, what: 'start' | Asked): Promise<void> {
  const params = { path: { id } };
  if (what === 'start') await answered(service.POST('/api/v1/instances/{id}/actions/start', { params }));
  else if (what === 'delete') await answered(service.DELETE('/api/v1/instances/{id}', { params }));
  else await answered(service.POST('/api/v1/instances/{id}/actions/stop', { params, body: { graceSeconds: GRACE_SECONDS } }));
}
