import { useTranslation } from 'react-i18next';
import { Link, useRouteError } from 'react-router';
import { Empty } from '../ui/page.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';

/** An address that nobody knows, or a page that could not be shown: then with what went wrong. */
export function NotFound() {
  const { t } = useTranslation();
  const error = useRouteError();
  if (error !== undefined) return <ProblemBox error={error} onAgain={() => window.location.reload()} />;
  return (
    <Empty title={t('state.notFound')}>
      <Link to="/">{t('state.home')}</Link>
    </Empty>
  );
}
