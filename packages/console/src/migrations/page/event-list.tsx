import { useState } from 'react';
import { Button } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../ui/page.tsx';
import { useFormat } from '../../words/use-format.ts';
import type { LoggedEvent } from './use-told.ts';
import { useEventWords } from './use-event-words.ts';

const AT_FIRST = 30;

/** Newest first. Of a run of progress only the last is shown: each says more than the one before. */
export function EventList({ events }: { readonly events: readonly LoggedEvent[] }) {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  const wordsOf = useEventWords();
  const [isWhole, setWhole] = useState(false);
  const shown = withoutRuns(events).toReversed();
  const listed = isWhole ? shown : shown.slice(0, AT_FIRST);
  return (
    <Panel title={t('migration.events')}>
      <ol className="events">
        {listed.map((event) => (
          <li key={event.version} data-event={event.kind}>
            <time dateTime={new Date(event.at).toISOString()}>{dateTime(event.at)}</time>
            <span>
              {wordsOf(event)}
              {event.by !== null && <span className="quiet"> {t('event.by', { name: event.by })}</span>}
            </span>
          </li>
        ))}
      </ol>
      {listed.length < shown.length && (
        <Button variant="outline" theme="default" onClick={() => setWhole(true)}>
          {t('act.more')}
        </Button>
      )}
    </Panel>
  );
}

export function withoutRuns(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
  return events.filter(({ kind }, at) => kind !== 'progressed' || events[at + 1]?.kind !== 'progressed');
}
