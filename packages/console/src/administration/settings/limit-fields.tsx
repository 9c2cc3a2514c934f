import { Button } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { TextField } from '../../ui/field.tsx';
import { type LimitDraft, NEW_WINDOW, type WindowDraft } from './settings-draft.ts';
import { MOST_WINDOWS } from './settings-faults.ts';

/** What is wrong with a field, in words; nothing before somebody has tried to save. */
export type FaultOf = (field: string) => string | undefined;

interface Props {
  readonly id: string;
  readonly limit: LimitDraft;
  readonly onChange: (limit: LimitDraft) => void;
  readonly faultOf: FaultOf;
}

/** A rate, and the times of the day when another one holds. */
export function LimitFields({ id, limit, onChange, faultOf }: Props) {
  const { t } = useTranslation();
  const { rate, windows } = limit;
  const setWindows = (changed: readonly WindowDraft[]): void => onChange({ ...limit, windows: changed });
  return (
    <>
      <TextField
        id={`${id}-rate`}
        label={t('settings.limit')}
        value={rate}
        onChange={(typed) => onChange({ ...limit, rate: typed })}
        error={faultOf(`${id}-rate`)}
      />
      {windows.map((window, index) => (
        <WindowFields
          // Windows have no name of their own.
          key={index}
          id={`${id}-window-${index}`}
          window={window}
          faultOf={faultOf}
          onChange={(changed) => setWindows(windows.map((one, at) => (at === index ? changed : one)))}
          onRemove={() => setWindows(windows.filter((_, at) => at !== index))}
        />
      ))}
      {windows.length < MOST_WINDOWS && (
        <div className="row">
          <Button variant="outline" theme="default" onClick={() => setWindows([...windows, NEW_WINDOW])}>
            {t('settings.addWindow')}
          </Button>
        </div>
      )}
    </>
  );
}

interface WindowProps {
  readonly id: string;
  readonly window: WindowDraft;
  readonly faultOf: FaultOf;
  readonly onChange: (window: WindowDraft) => void;
  readonly onRemove: () => void;
}

const FIELDS = ['from', 'to', 'rate'] as const;

function WindowFields({ id, window, faultOf, onChange, onRemove }: WindowProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="window">
      <legend className="unseen">{t('settings.windows')}</legend>
      {FIELDS.map((name) => (
        <TextField
          key={name}
          id={`${id}-${name}`}
          type={name === 'rate' ? 'text' : 'time'}
          label={t(`settings.${name}`)}
          value={window[name]}
          onChange={(typed) => onChange({ ...window, [name]: typed })}
          error={faultOf(`${id}-${name}`)}
        />
      ))}
      <Button variant="text" theme="danger" onClick={onRemove}>
        {t('settings.removeWindow')}
      </Button>
    </fieldset>
  );
}
