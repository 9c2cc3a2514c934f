import { mayBeAccepted } from '@diskferry/protocol';
import { useTranslation } from 'react-i18next';
import type { Check, Schemas } from '../../service/service.ts';
import { useFormat } from '../../words/use-format.ts';
import { AcceptList } from '../accept-list.tsx';
import { CheckList } from '../checks.tsx';
import { FoundImage } from './found-image.tsx';
import type { StepProps } from './step.ts';
import { Notice } from '../../ui/notice.tsx';

interface Props extends Omit<StepProps, 'onChange'> {
  readonly report: Schemas['PreflightReport'];
  readonly accepted: readonly string[];
  readonly onAccept: (accepted: readonly string[]) => void;
}

/** What stands in the way first, then what is to be accepted, then what was found, and what passed at the end. */
export function Findings({ kind, draft, report, accepted, onAccept }: Props) {
  const { t } = useTranslation();
  const of = (verdict: Check['verdict']): Check[] => report.checks.filter((check) => check.verdict === verdict);
  const [warnings, passed] = [report.checks.filter(mayBeAccepted), of('pass')];
  const blocked = of('block').filter((check) => !mayBeAccepted(check));
  const open = warnings.filter(({ code }) => !accepted.includes(code));
  return (
    <>
      <Summary blocked={blocked.length} open={open} />
      <CheckList checks={[...blocked, ...of('unknown')]} />
      <AcceptList checks={warnings} accepted={accepted} onAccept={onAccept} />
      {report.images.map((image, index) => (
        <FoundImage key={index} {...{ kind, draft, image, index }} />
      ))}
      <ForecastLine report={report} />
      <details className="options">
        <summary>{t('wizard.check.passed', { count: passed.length })}</summary>
        <CheckList checks={passed} />
      </details>
    </>
  );
}

function Summary({ blocked, open }: { readonly blocked: number; readonly open: readonly Check[] }) {
  const { t } = useTranslation();
  const foreseen = open.filter(({ verdict }) => verdict === 'block').length;
  if (blocked > 0)
    return <Notice theme="error" role="status" message={t('wizard.check.blocked', { count: blocked })} />;
  if (foreseen > 0)
    return <Notice theme="error" role="status" message={t('wizard.check.foreseen', { count: foreseen })} />;
  if (open.length > 0)
    return <Notice theme="warning" role="status" message={t('wizard.check.warnings', { count: open.length })} />;
  return <Notice theme="success" role="status" message={t('wizard.check.fine')} />;
}

function ForecastLine({ report: { forecast } }: Pick<Props, 'report'>) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  if (forecast === null) return null;
  const [low, high] = [duration(forecast.seconds.low), duration(forecast.seconds.high)];
  return (
    <p>
      <b>{t('wizard.check.forecast')}</b> {low === high ? low : t('wizard.check.forecastRange', { low, high })}{' '}
      <span className="quiet">{forecast.basis}</span>
    </p>
  );
}
