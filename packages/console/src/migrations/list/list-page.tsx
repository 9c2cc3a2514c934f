import { AddIcon } from 'tdesign-icons-react';
import { Button } from 'tdesign-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { useLiveMigrations } from '../../service/live.ts';
import { useMigrations } from '../../service/migrations.ts';
import type { MigrationKind } from '../../service/service.ts';
import { useMay } from '../../service/session.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Empty, Page, Panel } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { BulkActions } from './bulk-actions.tsx';
import { FilterBar, filterOf } from './filter-bar.tsx';
import { MigrationTable } from './migration-table.tsx';

/** All migrations of a kind. Filter, search and page stand in the address. */
export function ListPage({ kind }: { readonly kind: MigrationKind }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useLiveMigrations();
  const query = useMigrations({ kind, ...filterOf(search) });
  const isFiltered = [...search.keys()].length > 0;
  const why = may('migration.create') ? null : t('state.notAllowed');
  const begin = (
    <ActionButton
      theme="primary"
      variant="base"
      icon={<AddIcon aria-hidden="true" />}
      why={why}
      onClick={() => void navigate(`/${kind}-migrations/new/prepare`)}
    >
      {t('migrations.new')}
    </ActionButton>
  );
  return (
    <Page title={t(`migrations.titles.${kind}`)} about={t(`migrations.about.${kind}`)} actions={begin}>
      <Panel>
        <FilterBar search={search} onChange={setSearch} />
        <BulkActions chosen={chosen} migrations={query.data?.items ?? []} onDone={() => setChosen(new Set())} />
        <Queried query={query}>
          {({ items, next }) => {
            if (items.length === 0 && !isFiltered) {
              return (
                <Empty title={t(`migrations.empty.${kind}`)} help={t('migrations.empty.help')}>
                  {begin}
                </Empty>
              );
            }
            if (items.length === 0) return <p className="quiet">{t('state.nothingFound')}</p>;
            return (
              <>
                <MigrationTable
                  label={t(`migrations.titles.${kind}`)}
                  migrations={items}
                  chosen={chosen}
                  onChoose={setChosen}
                />
                <Pages next={next} search={search} onChange={setSearch} />
              </>
            );
          }}
        </Queried>
      </Panel>
    </Page>
  );
}

interface PagesProps {
  readonly next: string | null;
  readonly search: URLSearchParams;
  readonly onChange: (search: URLSearchParams) => void;
}

/** Forth by the cursor; back by the button of the browser, since each page is an address. */
function Pages({ next, search, onChange }: PagesProps) {
  const { t } = useTranslation();
  if (next === null) return null;
  const more = new URLSearchParams(search);
  more.set('cursor', next);
  return (
    <div className="row end">
      <Button variant="outline" theme="default" onClick={() => onChange(more)}>
        {t('act.more')}
      </Button>
    </div>
  );
}
