import { useQuery } from '@tanstack/react-query';
import { Button } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { answered, type Migration, service } from '../../service/service.ts';
import { Panel } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { saveFile } from '../../ui/save-file.ts';

/** What proves the result: shown as it is, and to be taken along. */
export function ReceiptPanel({ migration: { id } }: { readonly migration: Migration }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['receipt', id],
    queryFn: () => answered(service.GET('/api/v1/migrations/{id}/receipt', { params: { path: { id } } })),
    staleTime: Infinity,
  });
  const name = `diskferry-receipt-${id}.json`;
  return (
    <Panel title={t('migration.receipt')}>
      <p className="quiet">{t('migration.receiptHelp')}</p>
      <Queried query={query}>
        {(signed) => {
          const text = JSON.stringify(signed, null, 2);
          return (
            <>
              <div className="row">
                <Button onClick={() => saveFile(name, text)}>{t('migration.receiptDownload')}</Button>
                <span className="quiet small">
                  {t('migration.receiptVerify')} <code>diskferry receipt verify {name}</code>
                </span>
              </div>
              <details className="options">
                <summary>{name}</summary>
                <pre className="code-block" tabIndex={0}>
                  {text}
                </pre>
              </details>
            </>
          );
        }}
      </Queried>
    </Panel>
  );
}
