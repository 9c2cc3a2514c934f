import { useTranslation } from 'react-i18next';
import type { Volume } from '../service/service.ts';

/** By what a person recognises the disk in the machine: its path, and the name of its maker, with serial number or WWN. */
export function DeviceName({ device }: { readonly device: NonNullable<Volume['device']> }) {
  const { t } = useTranslation();
  const { path, name } = device;
  return (
    <span className="device">
      {t('volumes.device')} <code className="break">{path}</code>
      {!path.endsWith(`/${name}`) && (
        <>
          {' · '}
          <code className="break">{name}</code>
        </>
      )}
    </span>
  );
}
