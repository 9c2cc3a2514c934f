import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

/** What was searched for stands in the address. */
export function useSearchText(): string {
  return (useSearchParams()[0].get('q') ?? '').slice(0, 200);
}

export function SearchField({ placeholder }: { readonly placeholder?: string }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const change = (text: string): void => {
    const next = new URLSearchParams(search);
    if (text === '') next.delete('q');
    else next.set('q', text);
    setSearch(next, { replace: true });
  };
  return (
    <input
      className="input search"
      type="search"
      aria-label={t('act.search')}
      placeholder={placeholder ?? t('wizard.configure.targetSearch')}
      maxLength={200}
      value={search.get('q') ?? ''}
      onChange={(event) => change(event.target.value)}
    />
  );
}
