import { Button } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '../service/problem.ts';
import { CodeLink } from './code-link.tsx';
import { Notice } from './notice.tsx';

interface Props {
  readonly error: unknown;
  readonly onAgain?: () => void;
}

/** What went wrong: the title, the evidence, what can be done, and the code to look it up by. */
export function ProblemBox({ error, onAgain }: Props) {
  const { t } = useTranslation();
  const { code, title, detail, remedy, incident } = usePlain(error);
  return (
    <Notice
      theme="error"
      role="alert"
      className="problem"
      title={title}
      message={
        <>
          {detail !== '' && <p>{detail}</p>}
          {remedy !== '' && (
            <p>
              <b>{t('problem.whatToDo')}</b> {remedy}
            </p>
          )}
          <p className="quiet">
            {t('problem.code')} <CodeLink code={code} />
            {incident !== undefined && (
              <>
                {' · '}
                {t('problem.incident')} <code>{incident}</code>
              </>
            )}
          </p>
        </>
      }
      operation={
        onAgain && (
          <Button variant="text" theme="primary" onClick={onAgain}>
            {t('act.again')}
          </Button>
        )
      }
    />
  );
}

interface Plain {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string;
  readonly incident?: string | undefined;
}

function usePlain(error: unknown): Plain {
  const { t } = useTranslation();
  if (!(error instanceof ProblemError)) {
    return { code: 'console-fault', title: String((error as Error)?.message ?? error), detail: '', remedy: '' };
  }
  const { problem } = error;
  if (problem.code === 'unreachable') {
    return { ...problem, title: t('problem.unreachable'), remedy: t('problem.unreachableHelp') };
  }
  if (problem.code === 'unexpected-answer') {
    return { ...problem, title: t('problem.unexpected-answer'), detail: `HTTP ${problem.status}` };
  }
  return problem;
}
