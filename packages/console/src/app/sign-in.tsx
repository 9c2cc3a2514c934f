import { Button, Loading } from 'tdesign-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { useSession, useSignIn } from '../service/session.ts';
import { TextField } from '../ui/field.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { useAction } from '../ui/use-action.ts';
import { Choices } from './choices.tsx';
import { Notice } from '../ui/notice.tsx';

/** By name and password, or by the code of a one-time link, which stands behind the # and is so sent to no server. */
export function SignInPage() {
  const { t } = useTranslation();
  const { data: who } = useSession();
  const [search] = useSearchParams();
  const code = useCodeOnce();
  const where = ownPath(search.get('to'));
  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('product')}`;
  }, [t]);
  if (who != null && code === undefined) return <Navigate to={where} replace />;
  return (
    <main className="sign-in">
      <section className="panel">
        <img src="/mark.svg" alt="" width="56" height="56" />
        <h1>{t('product')}</h1>
        <p className="quiet">{t('signIn.sentence')}</p>
        {code === undefined ? <ByPassword /> : <ByLink code={code} to={where} />}
      </section>
      <Choices />
    </main>
  );
}

/** Taken out of the address at once: it must not stay in the history of the browser. */
function useCodeOnce(): string | undefined {
  const [code] = useState(() => decodeURIComponent(window.location.hash.slice(1)) || undefined);
  useEffect(() => {
    if (window.location.hash !== '') history.replaceState(history.state, '', window.location.pathname);
  }, []);
  return code;
}

/** Only a path of this console: a link must not lead elsewhere after the sign-in. */
export function ownPath(to: string | null): string {
  return to !== null && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/';
}

function ByLink({ code, to }: { readonly code: string; readonly to: string }) {
  const { t } = useTranslation();
  const signIn = useSignIn();
  const navigate = useNavigate();
  const trying = useAction(
    () => signIn({ code }),
    () => void navigate(to, { replace: true }),
  );
  const isTried = useRef(false);
  useEffect(() => {
    // The link is worth one sign-in: a second try would be refused.
    if (isTried.current) return;
    isTried.current = true;
    trying.run();
  }, [trying]);
  if (trying.error === null) return <Loading text={t('signIn.byLink')} size="small" />;
  return (
    <>
      <Notice theme="error" role="alert" title={t('signIn.linkFailed')} message={t('signIn.linkHelp')} />
      <ByPassword />
    </>
  );
}

function ByPassword() {
  const { t } = useTranslation();
  const signIn = useSignIn();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const trying = useAction(
    () => signIn({ name, password }),
    () => void navigate(ownPath(search.get('to')), { replace: true }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name !== '' && password !== '') trying.run();
  };
  return (
    <form onSubmit={submit}>
      <TextField id="name" label={t('signIn.name')} value={name} onChange={setName} autoComplete="username" />
      <TextField
        id="password"
        label={t('signIn.password')}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
      />
      {trying.error !== null && <ProblemBox error={trying.error} />}
      <Button type="submit" block loading={trying.isRunning}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}
