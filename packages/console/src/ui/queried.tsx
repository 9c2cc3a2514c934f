import type { UseQueryResult } from '@tanstack/react-query';
import { Skeleton } from 'tdesign-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemBox } from './problem-box.tsx';

interface Props<Data> {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>;
  readonly children: (data: Data) => ReactNode;
}

/** What a query found; a skeleton until then; why not, where it was refused. What is known already stays on the screen. */
export function Queried<Data>({ query, children }: Props<Data>) {
  const { t } = useTranslation();
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  if (error !== null) return <ProblemBox error={error} onAgain={() => void refetch()} />;
  return (
    <div role="status" aria-label={t('state.loading')}>
      <Skeleton animation="gradient" rowCol={[1, 1, { width: '60%' }]} />
    </div>
  );
}
