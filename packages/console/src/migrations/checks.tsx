import {
  CheckCircleFilledIcon,
  CloseCircleFilledIcon,
  ErrorCircleFilledIcon,
  HelpCircleFilledIcon,
} from 'tdesign-icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Check } from '../service/service.ts';
import { CodeLink } from '../ui/code-link.tsx';

const ICONS: Readonly<Record<Check['verdict'], typeof CheckCircleFilledIcon>> = {
  pass: CheckCircleFilledIcon,
  warn: ErrorCircleFilledIcon,
  block: CloseCircleFilledIcon,
  unknown: HelpCircleFilledIcon,
};

interface Props {
  readonly checks: readonly Check[];
  /** What stands below a check. */
  readonly below?: (check: Check) => ReactNode;
}

/** Each check with its verdict, what was seen, and what can be done about it. */
export function CheckList({ checks, below }: Props) {
  return (
    <ul className="checks">
      {checks.map((check) => (
        <CheckItem key={`${check.code}-${check.image ?? ''}`} check={check}>
          {below?.(check)}
        </CheckItem>
      ))}
    </ul>
  );
}

function CheckItem({ check, children }: { readonly check: Check; readonly children?: ReactNode }) {
  const { t } = useTranslation();
  const { code, verdict, title, evidence, remedy, image } = check;
  const Icon = ICONS[verdict];
  return (
    <li className={`check is-${verdict}`} data-check={code}>
      <Icon className="check-icon" aria-hidden="true" />
      <div>
        <p>
          <span className="unseen">{t(`verdict.${verdict}`)}: </span>
          <b>{title}</b>
          {image !== null && <span className="quiet"> {t('migration.image', { number: image + 1 })}</span>}
        </p>
        <p className="evidence">{evidence}</p>
        {remedy !== null && verdict !== 'pass' && (
          <p>
            <b>{t('wizard.check.remedy')}</b> {remedy}
          </p>
        )}
        <p className="quiet small">
          <CodeLink code={code} />
        </p>
        {children}
      </div>
    </li>
  );
}
