import { Button } from 'tdesign-react';
import { MenuFoldIcon } from 'tdesign-icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, Outlet, useLocation } from 'react-router';
import type { AccessAction } from '@diskferry/protocol';
import { useMay, useSession, useSignOut } from '../service/session.ts';
import { ProblemBox } from '../ui/problem-box.tsx';
import { Choices } from './choices.tsx';

interface Entry {
  readonly to: string;
  readonly name:
    | 'overview'
    | 'instance-migrations'
    | 'data-migrations'
    | 'instances'
    | 'volumes'
    | 'images'
    | 'workers'
    | 'users'
    | 'audit'
    | 'settings'
    | 'guides';
  readonly may: AccessAction;
}

const MENU: readonly {
  readonly title: 'migration' | 'resources' | 'administration' | 'help' | null;
  readonly entries: readonly Entry[];
}[] = [
  { title: null, entries: [{ to: '/', name: 'overview', may: 'migration.read' }] },
  {
    title: 'migration',
    entries: [
      { to: '/instance-migrations', name: 'instance-migrations', may: 'migration.read' },
      { to: '/data-migrations', name: 'data-migrations', may: 'migration.read' },
    ],
  },
  {
    title: 'resources',
    entries: [
      { to: '/instances', name: 'instances', may: 'instance.read' },
      { to: '/volumes', name: 'volumes', may: 'volume.read' },
      { to: '/images', name: 'images', may: 'image.read' },
      { to: '/workers', name: 'workers', may: 'worker.read' },
    ],
  },
  {
    title: 'administration',
    entries: [
      { to: '/users', name: 'users', may: 'user.read' },
      { to: '/audit', name: 'audit', may: 'audit.read' },
      { to: '/settings', name: 'settings', may: 'settings.read' },
    ],
  },
  { title: 'help', entries: [{ to: '/guides', name: 'guides', may: 'migration.read' }] },
];

/** Menu, head and the page in it; the sign-in where nobody is signed in. */
export function Frame() {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const session = useSession();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [pathname]);
  if (session.data === null) {
    const to = pathname === '/' ? '' : `?to=${encodeURIComponent(pathname + search)}`;
    return <Navigate to={`/sign-in${to}`} replace />;
  }
  if (session.data === undefined) {
    return session.error === null ? null : <ProblemBox error={session.error} onAgain={() => void session.refetch()} />;
  }
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <header className="bar">
        <Button
          className="menu-button"
          variant="text"
          theme="default"
          shape="square"
          aria-label={t('nav.menu')}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <MenuFoldIcon aria-hidden="true" />
        </Button>
        <NavLink to="/" className="brand">
          <img src="/mark.svg" alt="" width="28" height="28" /> {t('product')}
        </NavLink>
        <Choices />
        <Person name={session.data.name} role={session.data.role} />
      </header>
      <Menu isOpen={isOpen}>
        <Choices />
        <Person name={session.data.name} role={session.data.role} />
      </Menu>
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

/** On a narrow screen it is opened by the button, and holds what else has no room in the bar. */
function Menu({ isOpen, children }: { readonly isOpen: boolean; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <nav className={`menu${isOpen ? ' is-open' : ''}`} aria-label={t('nav.main')}>
      {MENU.map(({ title, entries }) => {
        const allowed = entries.filter((entry) => may(entry.may));
        if (allowed.length === 0) return null;
        return (
          <div key={title ?? ''}>
            {title !== null && <p className="menu-title">{t(`nav.${title}`)}</p>}
            <ul>
              {allowed.map(({ to, name }) => (
                <li key={to}>
                  <NavLink to={to} end={to === '/'}>
                    {t(`nav.${name}`)}
                  </NavLink>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
      <div className="menu-foot">{children}</div>
    </nav>
  );
}

function Person({ name, role }: { readonly name: string; readonly role: 'admin' | 'operator' | 'viewer' }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  return (
    <div className="row person">
      <span>
        {name} <span className="quiet small">{t(`role.${role}`)}</span>
      </span>
      <Button variant="text" theme="default" onClick={() => void signOut()}>
        {t('signOut')}
      </Button>
    </div>
  );
}
