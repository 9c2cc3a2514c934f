import { Checkbox } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import type { Check } from '../service/service.ts';
import { CheckList } from './checks.tsx';

interface Props {
  readonly checks: readonly Check[];
  /** Codes. */
  readonly accepted: readonly string[];
  readonly onAccept: (accepted: readonly string[]) => void;
}

/** Checks that a person may go on in spite of, each accepted by its name. */
export function AcceptList({ checks, accepted, onAccept }: Props) {
  const { t } = useTranslation();
  const accept = (code: string, isOn: boolean): void => {
    onAccept(isOn ? [...accepted, code] : accepted.filter((one) => one !== code));
  };
  return (
    <CheckList
      checks={checks}
      below={({ code, title, verdict }) => (
        <Checkbox checked={accepted.includes(code)} onChange={(isOn) => accept(code, isOn)}>
          {verdict === 'block' ? t('wizard.check.acceptForeseen', { code }) : t('wizard.check.accept', { title })}
        </Checkbox>
      )}
    />
  );
}
