import { mayBeAccepted } from '@diskferry/protocol';
import { Button, Loading } from 'tdesign-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { KEYS } from '../../service/migrations.ts';
import { type Problem, ProblemError } from '../../service/problem.ts';
import { answered, type Check, type Schemas, service } from '../../service/service.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { newKey } from '../../ui/new-key.ts';
import { Panel } from '../../ui/page.tsx';
import { ProblemBox } from '../../ui/problem-box.tsx';
import { useAction } from '../../ui/use-action.ts';
import { inputOf } from './draft.ts';
import { Findings } from './findings.tsx';
import { forgetDraft } from './kept-draft.ts';
import { Overwrites } from './overwrites.tsx';
import type { StepProps } from './step.ts';

interface Props extends StepProps {
  readonly onBack: () => void;
  readonly onRefused: (problem: Problem) => void;
}

/** Looks at everything at once, and changes nothing. Finish is possible when nothing blocks and every warning is accepted. */
export function CheckStep({ kind, draft, onBack, onRefused }: Props) {
  const { t } = useTranslation();
  const [attempt, setAttempt] = useState(newKey);
  const [accepted, setAccepted] = useState<readonly string[]>([]);
  const preflight = useQuery({
    queryKey: ['preflight', attempt],
    queryFn: ({ signal }) => answered(service.POST('/api/v1/preflight', { body: inputOf(draft, kind), signal })),
    // Whatever was found is true of this look only.
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const { error, data: report } = preflight;
  useEffect(() => {
    if (error instanceof ProblemError) onRefused(error.problem);
  }, [error, onRefused]);
  const creating = useCreating({ kind, draft, accepted, key: attempt });
  return (
    <>
      <Panel>
        {preflight.isFetching && <Loading size="small" text={t('wizard.check.running')} />}
        {error !== null && <Refused error={error} />}
        {report !== undefined && <Findings {...{ kind, draft, report, accepted }} onAccept={setAccepted} />}
      </Panel>
      {creating.error !== null && <ProblemBox error={creating.error} />}
      {report !== undefined && !report.checks.some(cannotBe) && (
        <Overwrites {...{ kind, draft }} checks={report.checks} />
      )}
      <footer className="row end">
        <Button variant="outline" theme="default" onClick={onBack}>
          {t('wizard.back')}
        </Button>
        <Button variant="outline" theme="default" disabled={preflight.isFetching} onClick={() => setAttempt(newKey())}>
          {t('wizard.check.again')}
        </Button>
        <Finish report={report} accepted={accepted} isBusy={creating.isRunning} onClick={() => creating.run()} />
      </footer>
    </>
  );
}

interface Creating extends Omit<StepProps, 'onChange'> {
  readonly accepted: readonly string[];
  /** Of a request that is sent twice, one migration comes out. */
  readonly key: string;
}

function useCreating({ kind, draft, accepted, key }: Creating) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useAction(async () => {
    const input = inputOf(draft, kind);
    const body = { ...input, options: { ...input.options, accept: [...accepted] } };
    const params = { header: { 'Idempotency-Key': key } };
    const migration = await answered(service.POST('/api/v1/migrations', { body, params }));
    forgetDraft(kind);
    queries.setQueryData(KEYS.one(migration.id), migration);
    await queries.invalidateQueries({ queryKey: KEYS.all });
    void navigate(`/migrations/${migration.id}`);
  });
}

/** What is wrong with single fields stands beside them, a step back. */
function Refused({ error }: { readonly error: Error }) {
  const errors = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  return (
    <>
      <ProblemBox error={error} />
      <ul>
        {errors.map(({ pointer, detail }) => (
          <li key={pointer}>
            <code>{pointer}</code> {detail}
          </li>
        ))}
      </ul>
    </>
  );
}

function cannotBe(check: Check): boolean {
  return check.verdict === 'block' && !mayBeAccepted(check);
}

interface FinishProps {
  readonly report: Schemas['PreflightReport'] | undefined;
  readonly accepted: readonly string[];
  readonly isBusy: boolean;
  readonly onClick: () => void;
}

function Finish({ report, accepted, isBusy, onClick }: FinishProps) {
  const { t } = useTranslation();
  const checks = report?.checks ?? [];
  const blocked = checks.filter(cannotBe).length;
  const open = new Set(
    checks.filter((check) => mayBeAccepted(check) && !accepted.includes(check.code)).map(({ code }) => code),
  ).size;
  const why =
    report === undefined
      ? t('wizard.check.running')
      : blocked > 0
        ? t('wizard.check.blocked', { count: blocked })
        : open > 0
          ? t('wizard.check.warnings', { count: open })
          : null;
  return (
    <ActionButton theme="primary" variant="base" why={why} loading={isBusy} onClick={onClick}>
      {t('wizard.finish')}
    </ActionButton>
  );
}
