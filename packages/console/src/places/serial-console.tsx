import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../ui/page.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { useFormat } from '../words/use-format.ts';
import { useSerial } from './use-serial.ts';

/** What the guest writes, as it comes. Whoever scrolls up is left where he reads. */
export function SerialConsole({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { bytes } = useFormat();
  const { text, skipped, error } = useSerial(id, t('instances.consoleRestarted'));
  const screen = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const element = screen.current;
    if (element !== null && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [text]);
  return (
    <Panel title={t('instances.console')}>
      <p className="quiet">{t('instances.consoleHelp')}</p>
      {error !== undefined && <ProblemBox error={error} />}
      {skipped > 0 && <p className="quiet">{t('instances.consoleSkipped', { bytes: bytes(skipped) })}</p>}
      <pre
        ref={screen}
        className="code-block terminal"
        tabIndex={0}
        role="log"
        aria-label={t('instances.console')}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24;
        }}
      >
        {text === '' ? t('instances.consoleEmpty') : text}
      </pre>
    </Panel>
  );
}
