import { insideOf } from '@diskferry/protocol';
import { Button } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useImages } from '../service/images.ts';
import type { SeenImage } from '../service/service.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Empty, Page, Panel } from '../ui/page.tsx';
import { Queried } from '../ui/queried.tsx';
import { SearchField, useSearchText } from '../ui/search-field.tsx';
import { useFormat } from '../words/use-format.ts';
import { Layers } from './layers.tsx';
import { fileName, verdictWords } from './naming.ts';

/** What preflights and migrations have looked at: what was found inside, and the way to use it again. */
export function ImagesPage() {
  const { t } = useTranslation();
  const text = useSearchText();
  const query = useImages(text);
  const columns = useColumns();
  return (
    <Page title={t('images.title')} about={t('images.about')}>
      <Panel>
        <SearchField placeholder={t('images.search')} />
        <Queried query={query}>
          {(images) => {
            if (images.length > 0) {
              return <DataTable label={t('images.title')} rows={images} columns={columns} keyOf={({ id }) => id} />;
            }
            if (text !== '') return <p className="quiet">{t('state.nothingFound')}</p>;
            return (
              <Empty title={t('images.none')} help={t('images.noneHelp')}>
                <Link className="link-button" to="/instance-migrations/new/prepare">
                  {t('wizard.titles.instance')}
                </Link>
              </Empty>
            );
          }}
        </Queried>
        {query.hasNextPage && (
          <Button variant="outline" theme="default" onClick={() => void query.fetchNextPage()}>
            {t('act.more')}
          </Button>
        )}
      </Panel>
    </Page>
  );
}

function useColumns(): readonly Column<SeenImage>[] {
  const { t } = useTranslation();
  const { bytes, dateTime } = useFormat();
  return [
    {
      key: 'image',
      title: t('images.image'),
      className: 'wide',
      show: ({ id, link }) => (
        <>
          <Link to={`/images/${id}`}>{fileName(link)}</Link> <code className="quiet small break">{link}</code>
        </>
      ),
    },
    { key: 'layers', title: t('images.form'), show: ({ layers }) => <Layers layers={layers} /> },
    {
      key: 'size',
      title: t('images.sizes'),
      show: ({ fileSize, virtualSize }) => {
        const disk = virtualSize === null ? t('migration.unknownYet') : bytes(virtualSize);
        return fileSize === null ? disk : `${bytes(fileSize)} → ${disk}`;
      },
    },
    {
      key: 'inside',
      title: t('images.inside'),
      show: ({ guest }) => {
        if (guest === null) return <span className="quiet">{t('images.notLooked')}</span>;
        return insideOf(guest) ?? t(`images.nature.${guest.nature}`);
      },
    },
    { key: 'checks', title: t('migration.checks'), show: (image) => verdictWords(image, t) },
    {
      key: 'seen',
      title: t('images.seen'),
      show: ({ seenAt, seenBy }) => (
        <>
          {dateTime(seenAt)} <span className="quiet small">{seenBy}</span>
        </>
      ),
    },
  ];
}
