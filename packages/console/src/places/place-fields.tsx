import { useTranslation } from 'react-i18next';
import { useRegions } from '../service/places.ts';
import { ChoiceField, TextField } from '../ui/field.tsx';

export interface PlaceDraft {
  readonly name: string;
  /** `region/zone`, or empty for the first there is. */
  readonly where: string;
}

/** Name, region and zone of something new. Only regions that this service manages. */
export function PlaceFields<Draft extends PlaceDraft>({
  draft,
  onChange,
}: {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}) {
  const { t } = useTranslation();
  const zones = useZones();
  return (
    <>
      <TextField
        id="place-name"
        label={t('field.name')}
        value={draft.name}
        onChange={(name) => onChange({ ...draft, name })}
        autoFocus
      />
      <ChoiceField
        id="place-where"
        label={`${t('field.region')} / ${t('field.zone')}`}
        value={draft.where === '' ? (zones[0] ?? '') : draft.where}
        choices={zones.map((zone) => [zone, zone.replace('/', ' / ')] as const)}
        onChange={(where) => onChange({ ...draft, where })}
      />
    </>
  );
}

export function useZones(): readonly string[] {
  const regions = useRegions().data?.items ?? [];
  return regions
    .filter(({ managedHere }) => managedHere)
    .flatMap(({ name, zones }) => zones.map((zone) => `${name}/${zone}`));
}

export function placeOf(
  { name, where }: PlaceDraft,
  zones: readonly string[],
): { name: string; region: string; zone: string } {
  const [region = '', zone = ''] = (where === '' ? (zones[0] ?? '') : where).split('/');
  return { name: name.trim(), region, zone };
}
