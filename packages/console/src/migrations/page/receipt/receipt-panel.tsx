import { useQuery } from '@tanstack/react-query';
import { Button } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { answered, type Migration, type Schemas, service } from '../../../service/service.ts';
import { Fact, Facts } from '../../../ui/facts.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Panel } from '../../../ui/page.tsx';
import { Queried } from '../../../ui/queried.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { useFormat } from '../../../words/use-format.ts';
import { signatureOf } from './signature.ts';

/** What proves the result: checked here, shown as it is, and to be taken along. */
export function ReceiptPanel({ migration: { id } }: { readonly migration: Migration }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['receipt', id],
    queryFn: async () => {
      const signed = await answered(service.GET('/api/v1/migrations/{id}/receipt', { params: { path: { id } } }));
      return { signed, verdict: await signatureOf(signed) };
    },
    staleTime: Infinity,
  });
  const name = `diskferry-receipt-${id}.json`;
  return (
    <Panel title={t('migration.receipt')}>
      <p className="quiet">{t('migration.receiptHelp')}</p>
      <Queried query={query}>
        {({ signed, verdict }) => {
          const text = JSON.stringify(signed, null, 2);
          const theme = { valid: 'success', invalid: 'error', unknown: 'info' } as const;
          return (
            <>
              <Notice theme={theme[verdict]} role="status" message={t(`receipt.signature.${verdict}`)} />
              <ReceiptFacts signed={signed} />
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

/** Of the receipt what is shown by itself. The service gives it as it was signed, without a shape. */
interface Shown {
  readonly endedAt: number;
  readonly images: readonly {
    readonly digest: string | null;
    readonly virtualSize: number;
    readonly target: { readonly volume: string };
  }[];
}

/** What one compares with elsewhere: the digest of each disk, and the key. */
function ReceiptFacts({ signed: { receipt, signature } }: { readonly signed: Schemas['SignedReceipt'] }) {
  const { t } = useTranslation();
  const { exactBytes, dateTime } = useFormat();
  const { images, endedAt } = receipt as unknown as Shown;
  return (
    <Facts isWide>
      {images.map(({ digest, virtualSize, target }) => (
        <Fact key={target.volume} name={t('receipt.digest', { volume: target.volume })}>
          <code className="break">{digest ?? t('receipt.noDigest')}</code>
          <span className="quiet small">{exactBytes(virtualSize)}</span>
        </Fact>
      ))}
      <Fact name={t('receipt.ended')}>{dateTime(endedAt)}</Fact>
      <Fact name={t('receipt.key')}>
        <code className="break">{signature.publicKey}</code>
      </Fact>
    </Facts>
  );
}
