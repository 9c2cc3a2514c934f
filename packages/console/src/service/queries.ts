import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem.ts';
import { forgetSession } from './session.ts';

/** What the page knows of the service. A session that has ended anywhere leads to the sign-in everywhere. */
export function makeQueries(): QueryClient {
  const onError = (error: Error): void => {
    if (error instanceof ProblemError && error.problem.status === 401) {
      forgetSession((key, value) => queries.setQueryData(key, value));
    }
  };
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: 2000, retry: (count, error) => count < 2 && !isRefusal(error) },
    },
  });
  return queries;
}

/** Asking again would change nothing. */
function isRefusal(error: Error): boolean {
  return error instanceof ProblemError && error.problem.status >= 400 && error.problem.status < 500;
}
