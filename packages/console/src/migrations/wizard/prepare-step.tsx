import { Button, Checkbox } from 'tdesign-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../ui/page.tsx';
import type { StepProps } from './step.ts';

const ITEMS = ['image', 'packed', 'uploaded', 'region', 'size'] as const;

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
        {ITEMS.map((item) => (
          <li key={item}>
            <b>{t(`wizard.prepare.items.${item}.title`)}</b>
            <p>{t(`wizard.prepare.items.${item}.text`)}</p>
          </li>
        ))}
        <li>
          <b>{t(`wizard.prepare.items.target.${kind}.title`)}</b>
          <p>{t(`wizard.prepare.items.target.${kind}.text`)}</p>
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
