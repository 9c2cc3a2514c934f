import { useTranslation } from 'react-i18next';
import type { Schemas } from '../service/service.ts';
import { FactRows, Facts } from '../ui/facts.tsx';
import { useFormat } from '../words/use-format.ts';
import { DiskPicture } from './disk-picture.tsx';

interface Props {
  readonly guest: Schemas['Guest'];
  readonly diskSize: number | null;
}

/** What is inside an image: which system, how it starts, and how its disk is divided. */
export function InsideImage({ guest, diskSize }: Props) {
  const { t } = useTranslation();
  const { bytes } = useFormat();
  const { nature, because, system, startsWith, table, volumes, warnings, bytesRead } = guest;
  const firmware = startsWith.map((one) => t(`instances.firmware.${one}`)).join(', ');
  const facts: readonly (readonly [string, string | null])[] = [
    // Of a data disk no system was looked for: its volumes say what it is.
    [t('images.nature.label'), nature === 'unknown' ? null : t(`images.nature.${nature}`)],
    [t('images.system'), system?.name ?? null],
    [t('images.architecture'), system?.architecture ?? null],
    [t('images.hostname'), system?.hostname ?? null],
    [t('images.kernel'), system?.kernel ?? null],
    [t('images.startsWith'), firmware === '' ? null : firmware],
    [t('images.table'), table === 'none' || table === 'unknown' ? t(`images.tables.${table}`) : table.toUpperCase()],
  ];
  return (
    <div className="inside">
      <DiskPicture volumes={volumes} diskSize={diskSize} />
      <Facts>
        <FactRows rows={facts} />
      </Facts>
      {warnings.length > 0 && (
        <ul className="evidence">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <p className="quiet small">
        {because} · {t('images.bytesRead', { bytes: bytes(bytesRead) })}
      </p>
    </div>
  );
}
