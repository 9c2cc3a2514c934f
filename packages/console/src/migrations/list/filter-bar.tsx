import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Migration } from '../../service/service.ts';

type State = Migration['state'];

const FILTERS = {
  all: [],
  active: ['queued', 'checking', 'stopping', 'transferring', 'verifying', 'proving', 'starting'],
  needs: ['waiting', 'paused'],
  succeeded: ['succeeded'],
  over: ['failed', 'cancelled'],
} as const satisfies Record<string, readonly State[]>;
type FilterName = keyof typeof FILTERS;
const NAMES = Object.keys(FILTERS) as FilterName[];

/** What the address asks for; a name that nobody knows asks for all. */
export function filterOf(search: URLSearchParams): { states: readonly State[]; text?: string; cursor?: string } {
  const text = search.get('q') ?? '';
  const cursor = search.get('cursor') ?? '';
  return {
    states: FILTERS[nameOf(search)],
    ...(text === '' ? {} : { text: text.slice(0, 200) }),
    ...(/^[\w-]{1,500}$/.test(cursor) ? { cursor } : {}),
  };
}

function nameOf(search: URLSearchParams): FilterName {
  return NAMES.find((name) => name === search.get('show')) ?? 'all';
}

interface Props {
  readonly search: URLSearchParams;
  readonly onChange: (search: URLSearchParams, options?: { replace: boolean }) => void;
}

/** Whoever types is not interrupted: the address follows a moment later. */
const PAUSE_MS = 300;

export function FilterBar({ search, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(search.get('q') ?? '');
  const set = (name: string, value: string, replace = false): void => {
    const next = new URLSearchParams(search);
    next.delete('cursor');
    if (value === '') next.delete(name);
    else next.set(name, value);
    onChange(next, { replace });
  };
  useEffect(() => {
    if (typed === (search.get('q') ?? '')) return undefined;
    const timer = setTimeout(() => set('q', typed, true), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <div className="filter-bar">
      <fieldset className="segments">
        <legend className="unseen">{t('migrations.filterLabel')}</legend>
        {NAMES.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="show"
              checked={nameOf(search) === name}
              onChange={() => set('show', name === 'all' ? '' : name)}
            />
            <span>{t(`migrations.filter.${name}`)}</span>
          </label>
        ))}
      </fieldset>
      <input
        className="input search"
        type="search"
        aria-label={t('act.search')}
        placeholder={t('migrations.searchHelp')}
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
