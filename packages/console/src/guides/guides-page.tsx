import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Page, Panel } from '../ui/page.tsx';
import { GUIDES, REFERENCES } from './guides.ts';

export function GuidesPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('guides.title')} about={t('guides.about')}>
      {([GUIDES, REFERENCES] as const).map((names) => (
        <Panel key={names[0]} title={names === GUIDES ? t('guides.guides') : t('guides.references')}>
          <ul className="guide-list">
            {names.map((name) => (
              <li key={name}>
                <Link to={`/guides/${name}`}>{t(`guides.names.${name}`)}</Link>
                <p className="quiet">{t(`guides.abouts.${name}`)}</p>
              </li>
            ))}
          </ul>
        </Panel>
      ))}
    </Page>
  );
}
