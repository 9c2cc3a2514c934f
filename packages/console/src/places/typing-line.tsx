import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProviderFeatures } from '../service/places.ts';
import { answered, type Instance, service } from '../service/service.ts';
import { useMay } from '../service/session.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { useAction } from '../ui/use-action.ts';

const ENTER = '\r';
const INTERRUPT = '\u0003';

/** A line for the guest, sent with Enter as a terminal does. What it makes of it is seen in the console above. */
export function TypingLine({ instance }: { readonly instance: Instance }) {
  const { t } = useTranslation();
  const { id, provider, managedHere, host, state } = instance;
  const may = useMay();
  const features = useProviderFeatures(provider);
  const [line, setLine] = useState('');
  const typing = useAction(async (text: string) => {
    await answered(service.POST('/api/v1/instances/{id}/serial', { params: { path: { id } }, body: { text } }));
  });
  // Not `held`: who types changes nothing of the instance itself.
  const why = !may('instance.write-console')
    ? t('state.notAllowed')
    : !managedHere
      ? t('instances.elsewhere', { host })
      : state === 'running'
        ? null
        : t('instances.typeStopped');
  if (features?.includes('serialWrite') !== true) return null;
  const send = (): void => {
    if (why !== null || typing.isRunning) return;
    typing.run(line + ENTER);
    setLine('');
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send();
  };
  return (
    <form className="typing" onSubmit={submit}>
      <input
        className="input code"
        aria-label={t('instances.type')}
        placeholder={t('instances.type')}
        value={line}
        maxLength={4000}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        disabled={why !== null}
        onChange={(event) => setLine(event.target.value)}
      />
      <ActionButton theme="primary" variant="base" why={why} loading={typing.isRunning} onClick={send}>
        {t('instances.typeSend')}
      </ActionButton>
      <ActionButton why={why} onClick={() => typing.run(INTERRUPT)}>
        Ctrl-C
      </ActionButton>
      {typing.error !== null && <ProblemBox error={typing.error} />}
    </form>
  );
}
