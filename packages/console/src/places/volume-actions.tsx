import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { AccessAction } from '@diskferry/protocol';
import type { Volume } from '../service/service.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { VolumeDialog, type VolumeChange } from './volume-dialog.tsx';
import { useWhyNot } from './why-not.ts';

/** Attach, detach, grow, delete, and the way into the wizard. */
export function VolumeActions({ volume }: { readonly volume: Volume }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const whyNot = useWhyNot();
  const [asked, setAsked] = useState<VolumeChange>();
  const isSystem = volume.role === 'system' ? t('volumes.systemStays') : null;
  const isAttached = volume.attachment !== null;
  const buttons: readonly (readonly [VolumeChange, AccessAction, string | null])[] = [
    isAttached ? ['detach', 'volume.detach', isSystem] : ['attach', 'volume.attach', isSystem],
    ['grow', 'volume.grow', null],
    ['delete', 'volume.delete', isSystem ?? (isAttached ? t('volumes.isAttached') : null)],
  ];
  const target = new URLSearchParams({ target: volume.id });
  return (
    <>
      <div className="row actions">
        {volume.role === 'data' && (
          <ActionButton
            size="small"
            why={volume.notATarget?.reason}
            onClick={() => void navigate(`/data-migrations/new/prepare?${target}`)}
          >
            {t('volumes.migrateHere')}
          </ActionButton>
        )}
        {buttons.map(([change, action, why]) => (
          <ActionButton key={change} size="small" why={whyNot(action, volume) ?? why} onClick={() => setAsked(change)}>
            {change === 'delete' ? t('act.delete') : t(`volumes.${change}`)}
          </ActionButton>
        ))}
      </div>
      {asked !== undefined && <VolumeDialog volume={volume} change={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}
