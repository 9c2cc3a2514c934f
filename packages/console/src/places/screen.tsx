import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../ui/page.tsx';

const AGAIN_MS = 3000;

/** What the screen of a running instance shows, every few seconds. Not every provider can show it. */
export function Screen({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const [look, setLook] = useState(0);
  const [isSeen, setSeen] = useState(true);
  useEffect(() => {
    const timer = setInterval(() => setLook((before) => before + 1), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const source = `/api/v1/instances/${encodeURIComponent(id)}/screen?look=${look}`;
  return (
    <Panel title={t('instances.screen')}>
      {!isSeen && <p className="quiet">{t('instances.screenUnseen')}</p>}
      <img
        className={isSeen ? 'screen' : 'unseen'}
        src={source}
        alt={t('instances.screen')}
        onLoad={() => setSeen(true)}
        onError={() => setSeen(false)}
      />
    </Panel>
  );
}
