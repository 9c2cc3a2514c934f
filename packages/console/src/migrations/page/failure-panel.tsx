import { Button } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import type { Migration, Schemas } from '../../service/service.ts';
import { Panel } from '../../ui/page.tsx';
import { CodeLink } from '../../ui/code-link.tsx';
import { saveFile } from '../../ui/save-file.ts';
import type { LoggedEvent, LogLine } from './use-told.ts';

interface Props {
  readonly migration: Migration;
  readonly failure: Schemas['Failure'];
  readonly told: { readonly events: readonly LoggedEvent[]; readonly lines: readonly LogLine[] };
}

/** Code, evidence, remedy; and all of it in one file for whoever helps. */
export function FailurePanel({ migration, failure, told }: Props) {
  const { t } = useTranslation();
  const save = (): void => {
    const bundle = { madeAt: new Date().toISOString(), migration, ...told };
    saveFile(`diskferry-${migration.id}.json`, JSON.stringify(bundle, null, 2));
  };
  return (
    <Panel title={t('migration.failure')}>
      <p>
        <b>{failure.title}</b>
      </p>
      <p className="evidence">{failure.message}</p>
      <p>
        <b>{t('problem.whatToDo')}</b> {failure.remedy}
      </p>
      <p className="quiet">
        {t('problem.code')} <CodeLink code={failure.code} />
      </p>
      <div className="row">
        <Button variant="outline" theme="default" onClick={save}>
          {t('migration.bundle')}
        </Button>
        <span className="quiet small">{t('migration.bundleHelp')}</span>
      </div>
    </Panel>
  );
}
