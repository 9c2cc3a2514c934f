import { useTranslation } from 'react-i18next';
import type { AccessAction } from '@diskferry/protocol';
import { useMay } from '../service/session.ts';
import type { Instance, Volume } from '../service/service.ts';

/** Why something may not be changed now: the role, where it is managed, who holds it. Null where it may. */
export function useWhyNot(): (action: AccessAction, thing: Instance | Volume) => string | null {
  const { t } = useTranslation();
  const may = useMay();
  return (action, { managedHere, host, heldBy }) => {
    if (!may(action)) return t('state.notAllowed');
    if (!managedHere) return t('instances.elsewhere', { host });
    return heldBy === null ? null : `${t('instances.held')}: ${heldBy.why}`;
  };
}
