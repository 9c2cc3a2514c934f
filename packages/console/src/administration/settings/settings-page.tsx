import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answered, service } from '../../service/service.ts';
import { Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { SETTINGS_KEY } from './settings-key.ts';
import { SettingsForm } from './settings-form.tsx';

/** Each version of the settings is a form of its own: what was typed belongs to the one that was read. */
export function SettingsPage() {
  const { t } = useTranslation();
  const [saved, setSaved] = useState<number>();
  const query = useQuery({
    queryKey: SETTINGS_KEY,
    queryFn: () => answered(service.GET('/api/v1/settings')),
    // Whoever types is not interrupted by what somebody else has saved: that is said when it comes to saving.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return (
    <Page title={t('settings.title')}>
      <Queried query={query}>
        {(found) => (
          <SettingsForm key={found.version} found={found} isSaved={saved === found.version} onSaved={setSaved} />
        )}
      </Queried>
    </Page>
  );
}
