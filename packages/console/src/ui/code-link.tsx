import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

/** A stable code, and the way to what the documents say of it: in a new tab, so that nothing is lost here. */
export function CodeLink({ code }: { readonly code: string }) {
  const { t } = useTranslation();
  return (
    <Link to={`/guides/troubleshooting#${code}`} target="_blank" title={t('guides.lookUp')}>
      <code>{code}</code>
    </Link>
  );
}
