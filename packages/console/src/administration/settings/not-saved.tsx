import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '../../service/problem.ts';
import { Notice } from '../../ui/notice.tsx';
import { ProblemBox } from '../../ui/problem-box.tsx';
import { SETTINGS_KEY } from './settings-key.ts';

/** Refused; or somebody else was faster: then what was typed stays until the person wants to see what that was. */
export function NotSaved({ error }: { readonly error: Error }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const isOld = error instanceof ProblemError && error.problem.status === 409;
  if (!isOld) return <ProblemBox error={error} />;
  return (
    <Notice
      theme="warning"
      role="alert"
      message={t('settings.changedElsewhere')}
      operation={
        <Button
          variant="text"
          theme="primary"
          onClick={() => void queries.invalidateQueries({ queryKey: SETTINGS_KEY })}
        >
          {t('settings.readAgain')}
        </Button>
      }
    />
  );
}
