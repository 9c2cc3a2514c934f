import { mayBeAccepted } from '@diskferry/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Check, Migration } from '../service/service.ts';
import { Modal } from '../ui/modal.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { AcceptList } from './accept-list.tsx';

/** What a worker met right before it would have written, and nobody has accepted yet. */
export function openWarnings({ checks, options, waitsFor }: Migration): readonly Check[] {
  if (waitsFor !== 'person') return [];
  return checks.filter((check) => mayBeAccepted(check) && !options.accept.includes(check.code));
}

interface Props {
  readonly warnings: readonly Check[];
  readonly error: Error | null;
  readonly isBusy: boolean;
  readonly onClose: () => void;
  readonly onConfirm: (accept: readonly string[]) => void;
}

/** It goes on when each is accepted by its name. */
export function AcceptWarnings({ warnings, error, isBusy, onClose, onConfirm }: Props) {
  const { t } = useTranslation();
  const [accepted, setAccepted] = useState<readonly string[]>([]);
  const codes = [...new Set(warnings.map(({ code }) => code))];
  const left = codes.filter((code) => !accepted.includes(code)).length;
  return (
    <Modal
      title={t('wizard.check.warnings', { count: codes.length })}
      confirm={t('action.resume')}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => left === 0 && onConfirm(codes)}
    >
      <AcceptList checks={warnings} accepted={accepted} onAccept={setAccepted} />
      {error !== null && <ProblemBox error={error} />}
    </Modal>
  );
}
