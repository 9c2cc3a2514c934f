import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlacesChanged } from '../service/places.ts';
import { answered, type Instance, service } from '../service/service.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { Modal } from '../ui/modal.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { type Action, useAction } from '../ui/use-action.ts';
import { useWhyNot } from './why-not.ts';

const GRACE_SECONDS = 60;

type Asked = 'stop' | 'delete';

/** Start, stop, delete, and the way into the wizard. */
export function InstanceActions({
  instance,
  isWhole = false,
}: {
  readonly instance: Instance;
  readonly isWhole?: boolean;
}) {
  const navigate = useNavigate();
  const changed = usePlacesChanged();
  const [asked, setAsked] = useState<Asked>();
  const { id } = instance;
  const acting = useAction(
    async (what: 'start' | Asked) => {
      await changeInstance(id, what);
      await changed();
      if (what === 'delete' && isWhole) void navigate('/instances');
    },
    () => setAsked(undefined),
  );
  const close = (): void => {
    acting.reset();
    setAsked(undefined);
  };
  return (
    <>
      <Buttons
        {...{ instance, isWhole }}
        isBusy={acting.isRunning}
        onStart={() => acting.run('start')}
        onAsk={setAsked}
      />
      {acting.error !== null && asked === undefined && <ProblemBox error={acting.error} />}
      {asked !== undefined && <Sure instance={instance} asked={asked} acting={acting} onClose={close} />}
    </>
  );
}

interface ButtonsProps {
  readonly instance: Instance;
  readonly isWhole: boolean;
  readonly isBusy: boolean;
  readonly onStart: () => void;
  readonly onAsk: (asked: Asked) => void;
}

function Buttons({ instance, isWhole, isBusy, onStart, onAsk }: ButtonsProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const whyNot = useWhyNot();
  const isRunning = instance.state === 'running';
  const whyNoStart = whyNot('instance.start', instance) ?? (isRunning ? t('instances.running') : null);
  const whyNoStop = whyNot('instance.stop', instance) ?? (isRunning ? null : t('instances.stopped'));
  const wizard = `/instance-migrations/new/prepare?${new URLSearchParams({ target: instance.id })}`;
  return (
    <div className="row actions">
      <ActionButton size="small" why={whyNoStart} loading={isBusy} onClick={onStart}>
        {t('instances.start')}
      </ActionButton>
      <ActionButton size="small" why={whyNoStop} onClick={() => onAsk('stop')}>
        {t('instances.stop')}
      </ActionButton>
      <ActionButton size="small" why={instance.notATarget?.reason} onClick={() => void navigate(wizard)}>
        {t('instances.migrateHere')}
      </ActionButton>
      {isWhole && (
        <ActionButton
          size="small"
          theme="danger"
          why={whyNot('instance.delete', instance)}
          onClick={() => onAsk('delete')}
        >
          {t('act.delete')}
        </ActionButton>
      )}
    </div>
  );
}

interface SureProps {
  readonly instance: Instance;
  readonly asked: Asked;
  readonly acting: Action<'start' | Asked>;
  readonly onClose: () => void;
}

function Sure({ instance: { name }, asked, acting, onClose }: SureProps) {
  const { t } = useTranslation();
  return (
    <Modal
      title={t(`instances.${asked}Sure`, { name })}
      confirm={asked === 'stop' ? t('instances.stop') : t('act.delete')}
      isDanger
      isBusy={acting.isRunning}
      onClose={onClose}
      onConfirm={() => acting.run(asked)}
    >
      <p>{t(`instances.${asked}Help`)}</p>
      {acting.error !== null && <ProblemBox error={acting.error} />}
    </Modal>
  );
}

async function changeInstance(id: string, what: 'start' | Asked): Promise<void> {
  const params = { path: { id } };
  if (what === 'start') await answered(service.POST('/api/v1/instances/{id}/actions/start', { params }));
  else if (what === 'delete') await answered(service.DELETE('/api/v1/instances/{id}', { params }));
  else
    await answered(
      service.POST('/api/v1/instances/{id}/actions/stop', { params, body: { graceSeconds: GRACE_SECONDS } }),
    );
}
