import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { may as roleMay, type AccessAction, type Role } from '@diskferry/protocol';
import { ProblemError } from './problem.ts';
import { answered, rememberCsrf, type Schemas, service } from './service.ts';

export type Who = Schemas['Who'];

const SESSION = ['session'] as const;

/** Who is signed in; null where nobody is. */
export function useSession(): UseQueryResult<Who | null> {
  return useQuery({ queryKey: SESSION, queryFn: whoAmI, staleTime: Infinity, retry: 1 });
}

async function whoAmI(): Promise<Who | null> {
  try {
    const who = await answered(service.GET('/api/v1/session'));
    rememberCsrf(who.csrf);
    return who;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 401) return null;
    throw error;
  }
}

/** What the person who is signed in may do. */
export function useMay(): (action: AccessAction) => boolean {
  const role = useSession().data?.role as Role | undefined;
  return (action) => role !== undefined && roleMay(role, action);
}

export type SignIn = { readonly code: string } | { readonly name: string; readonly password: string };

export function useSignIn(): (how: SignIn) => Promise<void> {
  const queries = useQueryClient();
  return async (body) => {
    const who = await answered(service.POST('/api/v1/session', { body }));
    rememberCsrf(who.csrf);
    // An answer from before the sign-in may still be on its way, and would say that nobody is signed in.
    await queries.cancelQueries({ queryKey: SESSION });
    queries.setQueryData(SESSION, who);
  };
}

/** What the page knew is forgotten with it. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await answered(service.DELETE('/api/v1/session'));
    rememberCsrf(null);
    queries.clear();
    queries.setQueryData(SESSION, null);
  };
}

export function forgetSession(setQueryData: (key: readonly string[], value: null) => void): void {
  rememberCsrf(null);
  setQueryData(SESSION, null);
}
