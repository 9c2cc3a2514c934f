import { Button, Checkbox } from 'tdesign-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { GuideName } from '../../guides/guides.ts';
import { Panel } from '../../ui/page.tsx';
import type { StepProps } from './step.ts';

/** What must be ready, each with the guides that say how. */
const ITEMS = [
  ['image', ['images-from', 'linux-image', 'windows-image']],
  ['packed', ['formats']],
  ['uploaded', ['uploading']],
  ['region', ['preflight']],
  ['size', ['preflight']],
] as const;

/** The confirmation that the preparation is done, as the original asks for it; here with what each point is about. */
export function PrepareStep({ kind, draft, onChange, onNext }: StepProps & { readonly onNext: () => void }) {
  const { t } = useTranslation();
  const [isTried, setTried] = useState(false);
  const next = (): void => {
    setTried(true);
    if (draft.isReady) onNext();
  };
  return (
    <Panel title={t('wizard.prepare.title')}>
      <p className="quiet">{t('wizard.prepare.help')}</p>
      <ol className="preparation">
        {ITEMS.map(([item, guides]) => (
          <li key={item}>
            <b>{t(`wizard.prepare.items.${item}.title`)}</b>
            <p>{t(`wizard.prepare.items.${item}.text`)}</p>
            <How guides={guides} />
          </li>
        ))}
        <li>
          <b>{t(`wizard.prepare.items.target.${kind}.title`)}</b>
          <p>{t(`wizard.prepare.items.target.${kind}.text`)}</p>
          <How guides={['first-migration']} />
        </li>
      </ol>
      <div className={`field${isTried && !draft.isReady ? ' has-error' : ''}`}>
        <Checkbox checked={draft.isReady} onChange={(isReady) => onChange({ ...draft, isReady })}>
          {t('wizard.prepare.ready')}
        </Checkbox>
        {isTried && !draft.isReady && (
          <p className="field-error" role="alert">
            {t('wizard.prepare.needed')}
          </p>
        )}
      </div>
      <footer className="row end">
        <Button onClick={next}>{t('wizard.next')}</Button>
      </footer>
    </Panel>
  );
}

/** In a new tab: what was typed here stays. */
function How({ guides }: { readonly guides: readonly GuideName[] }) {
  const { t } = useTranslation();
  return (
    <p className="small how">
      {t('wizard.prepare.how')}:{' '}
      {guides.map((name) => (
        <Link key={name} to={`/guides/${name}`} target="_blank">
          {t(`guides.names.${name}`)}
        </Link>
      ))}
    </p>
  );
}
