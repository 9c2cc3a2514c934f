import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { IMAGES_KEY, useImage } from '../service/images.ts';
import { answered, type SeenImage, service } from '../service/service.ts';
import { useMay } from '../service/session.ts';
import { Fact, FactRows, Facts } from '../ui/facts.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { DeleteSure } from '../ui/delete-sure.tsx';
import { Page, Panel } from '../ui/page.tsx';
import { Queried } from '../ui/queried.tsx';
import { useFormat } from '../words/use-format.ts';
import { InsideImage } from './inside-image.tsx';
import { Layers } from './layers.tsx';
import { fileName, verdictWords } from './naming.ts';

/** One image as it was found the last time. */
export function ImagePage() {
  const { id = '' } = useParams();
  const query = useImage(id);
  return <Queried query={query}>{(image) => <Shown image={image} />}</Queried>;
}

function Shown({ image }: { readonly image: SeenImage }) {
  const { t } = useTranslation();
  const { exactBytes, dateTime } = useFormat();
  const { link, layers, fileSize, virtualSize, reading, guest, firstSeenAt, seenAt, seenBy, migration } = image;
  const sizeOf = (size: number | null) => (size === null ? t('migration.unknownYet') : exactBytes(size));
  const facts: readonly (readonly [string, string])[] = [
    [t('wizard.check.fileSize'), sizeOf(fileSize)],
    [t('wizard.check.virtualSize'), sizeOf(virtualSize)],
    [t('wizard.check.reading'), reading ?? t('migration.unknownYet')],
    [t('migration.checks'), verdictWords(image, t)],
    [t('images.seen'), `${dateTime(seenAt)}, ${seenBy}`],
    [t('images.firstSeen'), dateTime(firstSeenAt)],
  ];
  return (
    <Page
      title={fileName(link)}
      about={<code className="small break">{link}</code>}
      actions={<ImageActions image={image} />}
    >
      <Panel>
        <Layers layers={layers} />
        <Facts>
          <FactRows rows={facts} />
          {migration !== null && (
            <Fact name={t('images.migration')}>
              <Link to={`/migrations/${migration}`}>{t('images.toMigration')}</Link>
            </Fact>
          )}
        </Facts>
      </Panel>
      <Panel title={t('images.inside')}>
        {guest === null ? (
          <p className="quiet">{t('images.notLookedHelp')}</p>
        ) : (
          <InsideImage guest={guest} diskSize={virtualSize} />
        )}
      </Panel>
    </Page>
  );
}

function ImageActions({ image: { id, link } }: { readonly image: SeenImage }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const [isAsked, setAsked] = useState(false);
  const whyNot = (allowed: boolean) => (allowed ? null : t('state.notAllowed'));
  return (
    <>
      {(['instance', 'data'] as const).map((kind) => (
        <ActionButton
          key={kind}
          why={whyNot(may('migration.create'))}
          onClick={() => void navigate(`/${kind}-migrations/new/prepare?${new URLSearchParams({ link })}`)}
        >
          {t(`images.use.${kind}`)}
        </ActionButton>
      ))}
      <ActionButton why={whyNot(may('image.forget'))} onClick={() => setAsked(true)}>
        {t('images.forget')}
      </ActionButton>
      {isAsked && (
        <DeleteSure
          title={t('images.forgetSure', { name: fileName(link) })}
          help={t('images.forgetHelp')}
          confirm={t('images.forget')}
          queryKey={IMAGES_KEY}
          work={async () => {
            await answered(service.DELETE('/api/v1/images/{id}', { params: { path: { id } } }));
            await navigate('/images');
          }}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}
