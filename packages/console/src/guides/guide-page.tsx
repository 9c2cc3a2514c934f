import { useQuery } from '@tanstack/react-query';
import { type MouseEvent, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { Page, Panel } from '../ui/page.tsx';
import { Queried } from '../ui/queried.tsx';
import type { Language } from '../words/languages.ts';
import { findGuide, type Guide } from './guides.ts';

/** One page of the documents. It comes with the console: nothing is fetched from elsewhere. */
export function GuidePage() {
  const { t, i18n } = useTranslation();
  const { name = '' } = useParams();
  const found = findGuide(name, i18n.language as Language);
  const query = useQuery<Guide | null>({
    queryKey: ['guide', name, found?.language],
    queryFn: async () => (await found?.load()) ?? null,
    staleTime: Infinity,
  });
  return (
    <Queried query={query}>
      {(guide) => {
        if (guide === null || found === undefined) return <Page title={t('state.notFound')}>{null}</Page>;
        const isOther = found.language !== i18n.language;
        return <Shown guide={guide} language={found.language} note={isOther ? t('guides.onlyEnglish') : undefined} />;
      }}
    </Queried>
  );
}

interface Props {
  readonly guide: Guide;
  readonly language: Language;
  readonly note: string | undefined;
}

function Shown({ guide, language, note }: Props) {
  const { t } = useTranslation();
  const { hash } = useLocation();
  const navigate = useNavigate();
  useEffect(() => {
    document.getElementById(anchorIn(hash))?.scrollIntoView();
  }, [hash, guide]);
  /** Other pages are opened here, without loading the console again. */
  const onClick = (event: MouseEvent): void => {
    const link = (event.target as Element).closest('a[href^="/"]');
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void navigate(link.getAttribute('href') ?? '/guides');
  };
  return (
    <Page title={guide.title} about={<Link to="/guides">{t('guides.title')}</Link>}>
      <Panel>
        {note !== undefined && <p className="quiet">{note}</p>}
        {/* Our own pages, made into HTML when the console was built. */}
        {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
        <div className="guide" lang={language} onClick={onClick} dangerouslySetInnerHTML={{ __html: guide.html }} />
      </Panel>
    </Page>
  );
}

/** What stands there may have been typed by anybody. */
function anchorIn(hash: string): string {
  const named = hash.slice(1);
  try {
    return decodeURIComponent(named);
  } catch {
    return named;
  }
}
