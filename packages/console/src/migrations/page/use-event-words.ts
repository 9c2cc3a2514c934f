import { useTranslation } from 'react-i18next';
import { WAITING_REASONS, type WaitingReason } from '@diskferry/protocol';
import { EN } from '../../words/en/index.ts';
import { useFormat } from '../../words/use-format.ts';
import type { LoggedEvent } from './use-told.ts';

type Known = Exclude<keyof typeof EN.event, 'by'>;

/** An event in a sentence. A kind that this console does not know, of a newer service, stands for itself. */
export function useEventWords(): (event: LoggedEvent) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ kind, detail }) => {
    if (!Object.hasOwn(EN.event, kind)) return kind;
    const { worker, bytes, message, bandwidth } = detail;
    const reason = detail['for'] as WaitingReason;
    return t(`event.${kind as Known}`, {
      worker: textOf(worker),
      bytes: typeof bytes === 'number' ? format.bytes(bytes) : '',
      message: textOf(message),
      reason: WAITING_REASONS.includes(reason) ? t(`waitsFor.${reason}`) : textOf(reason),
      limit: typeof bandwidth === 'number' ? format.rate(bandwidth) : t('migration.noLimit'),
    });
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
