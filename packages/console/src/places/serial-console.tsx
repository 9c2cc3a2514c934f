import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../ui/page.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { Tail } from '../ui/tail.tsx';
import { useFormat } from '../words/use-format.ts';
import { useSerial } from './use-serial.ts';

/** What the guest writes, as it comes. */
export function SerialConsole({ id, children }: { readonly id: string; readonly children?: ReactNode }) {
  const { t } = useTranslation();
  const { bytes } = useFormat();
  const { text, skipped, error } = useSerial(id, t('instances.consoleRestarted'));
  return (
    <Panel title={t('instances.console')}>
      <p className="quiet">{t('instances.consoleHelp')}</p>
      {error !== undefined && <ProblemBox error={error} />}
      {skipped > 0 && <p className="quiet">{t('instances.consoleSkipped', { bytes: bytes(skipped) })}</p>}
      <Tail label={t('instances.console')} end={text} className="terminal">
        {text === '' ? t('instances.consoleEmpty') : text}
      </Tail>
      {children}
    </Panel>
  );
}
