import { useTranslation } from 'react-i18next';
import type { Schemas } from '../service/service.ts';
import { useFormat } from '../words/use-format.ts';
import { piecesOf } from './shares.ts';

type Volume = Schemas['GuestVolume'];

interface Props {
  readonly volumes: readonly Volume[];
  readonly diskSize: number | null;
}

/** The disk as a bar from its beginning to its end, and its parts in words. */
export function DiskPicture({ volumes, diskSize }: Props) {
  const { t } = useTranslation();
  const { bytes } = useFormat();
  if (volumes.length === 0) return null;
  return (
    <div className="disk-picture">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        {piecesOf(volumes, diskSize).map(({ volume, from, width }) => (
          <rect key={from} className={classOf(volume)} x={from} width={Math.max(width - 0.3, 0.2)} height="10" />
        ))}
      </svg>
      <ul>
        {volumes.map((volume) => {
          const { place, content, label, size, used } = volume;
          return (
            <li key={place}>
              <svg className="swatch" viewBox="0 0 1 1" aria-hidden="true">
                <rect className={classOf(volume)} width="1" height="1" />
              </svg>
              <b>{place}</b>
              <span>{[content ?? t('images.unrecognised'), label].filter(Boolean).join(' · ')}</span>
              <span className="quiet small">
                {used === null ? bytes(size) : t('images.usedOf', { used: bytes(used), size: bytes(size) })}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** What people look for first: where data lies, what only starts the system, what is shut, what cannot be told. */
function classOf(volume: Volume | null): string {
  if (volume === null) return 'is-free';
  const { content } = volume;
  if (content === null) return 'is-unrecognised';
  if (content === 'swap') return 'is-swap';
  if (content === 'luks' || content === 'bitlocker') return 'is-locked';
  if (content === 'lvm' || content === 'md') return 'is-group';
  return content.startsWith('fat') ? 'is-boot' : 'is-files';
}
