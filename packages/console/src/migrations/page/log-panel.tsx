import { useTranslation } from 'react-i18next';
import { Panel } from '../../ui/page.tsx';
import { Tail } from '../../ui/tail.tsx';
import { useFormat } from '../../words/use-format.ts';
import type { LogLine } from './use-told.ts';

/** What the workers say, as they say it: in English, for whoever wants to know it exactly. */
export function LogPanel({ lines }: { readonly lines: readonly LogLine[] }) {
  const { t } = useTranslation();
  const { clockTime } = useFormat();
  if (lines.length === 0) return null;
  return (
    <Panel title={t('migration.log')}>
      <p className="quiet">{t('migration.logHelp')}</p>
      <Tail label={t('migration.log')} end={lines.at(-1)?.seq ?? 0} className="log-lines">
        {lines.map(({ seq, at, level, text }) => (
          <span key={seq} className={`is-${level}`}>
            <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time> {text}
            {'\n'}
          </span>
        ))}
      </Tail>
    </Panel>
  );
}
