import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate, useParams, useSearchParams } from 'react-router';
import type { Problem } from '../../service/problem.ts';
import type { MigrationKind } from '../../service/service.ts';
import { Page } from '../../ui/page.tsx';
import { CheckStep } from './check-step.tsx';
import { ConfigureStep } from './configure-step.tsx';
import { type Draft, faultsOf, filledIn } from './draft.ts';
import { keepDraft, keptDraft } from './kept-draft.ts';
import { PrepareStep } from './prepare-step.tsx';

const STEPS = ['prepare', 'configure', 'check'] as const;
type Step = (typeof STEPS)[number];

export function InstanceWizard() {
  return <Wizard kind="instance" key="instance" />;
}

export function DataWizard() {
  return <Wizard kind="data" key="data" />;
}

/** Preparation, configuration, checks. The step stands in the address; what was typed is kept when going back. */
function Wizard({ kind }: { readonly kind: MigrationKind }) {
  const { t } = useTranslation();
  const { step: named } = useParams();
  const navigate = useNavigate();
  const [draft, setDraft] = useDraft(kind);
  const [refusal, setRefusal] = useState<Problem>();
  const step = STEPS.find((one) => one === named);
  useFocusOn(step);
  const go = (to: Step): void => void navigate(`/${kind}-migrations/new/${to}`);
  const change = (changed: Draft): void => {
    setRefusal(undefined);
    setDraft(changed);
  };
  if (step === undefined || (step !== 'prepare' && !draft.isReady))
    return <Navigate to="../prepare" relative="path" replace />;
  if (step === 'check' && Object.keys(faultsOf(draft)).length > 0)
    return <Navigate to="../configure" relative="path" replace />;
  const common = { kind, draft, onChange: change };
  return (
    <Page title={t(`wizard.titles.${kind}`)} actions={<Link to={`/${kind}-migrations`}>{t('wizard.quit')}</Link>}>
      <StepList now={step} />
      {step === 'prepare' && <PrepareStep {...common} onNext={() => go('configure')} />}
      {step === 'configure' && (
        <ConfigureStep {...common} refusal={refusal} onBack={() => go('prepare')} onNext={() => go('check')} />
      )}
      {step === 'check' && <CheckStep {...common} onBack={() => go('configure')} onRefused={setRefusal} />}
    </Page>
  );
}

/** `?target=` and `?link=` fill in beforehand, for whoever comes from an instance, a volume or an image that was seen. */
function useDraft(kind: MigrationKind): readonly [Draft, (draft: Draft) => void] {
  const [search] = useSearchParams();
  const [draft, setDraft] = useState(() => {
    const kept = keptDraft(kind);
    return filledIn(kept, { target: search.get('target'), link: search.get('link') });
  });
  useEffect(() => keepDraft(kind, draft), [kind, draft]);
  return [draft, setDraft];
}

/** The new step is where a keyboard and a screen reader go on. */
function useFocusOn(step: Step | undefined): void {
  const before = useRef(step);
  useEffect(() => {
    if (before.current !== step) document.getElementById('content')?.focus();
    before.current = step;
  }, [step]);
}

function StepList({ now }: { readonly now: Step }) {
  const { t } = useTranslation();
  const at = STEPS.indexOf(now);
  return (
    <ol className="steps">
      {STEPS.map((step, index) => (
        <li key={step} aria-current={step === now ? 'step' : undefined} className={index < at ? 'is-done' : ''}>
          <span className="step-number" aria-hidden="true">
            {index < at ? '✓' : index + 1}
          </span>
          {t(`wizard.steps.${step}`)}
        </li>
      ))}
    </ol>
  );
}
