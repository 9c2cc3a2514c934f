import { createBrowserRouter, type RouteObject } from 'react-router';
import { ListPage } from '../migrations/list/list-page.tsx';
import { Frame } from './frame.tsx';
import { NotFound } from './not-found.tsx';
import { Overview } from './overview.tsx';
import { SignInPage } from './sign-in.tsx';

/** Loaded when they are opened: the first page needs none of them. */
const pages: RouteObject[] = [
  { index: true, element: <Overview /> },
  { path: 'instance-migrations', element: <ListPage key="instance" kind="instance" /> },
  { path: 'data-migrations', element: <ListPage key="data" kind="data" /> },
  {
    path: 'instance-migrations/new/:step',
    lazy: async () => ({ Component: (await import('../migrations/wizard/wizard-page.tsx')).InstanceWizard }),
  },
  {
    path: 'data-migrations/new/:step',
    lazy: async () => ({ Component: (await import('../migrations/wizard/wizard-page.tsx')).DataWizard }),
  },
  {
    path: 'migrations/:id',
    lazy: async () => ({ Component: (await import('../migrations/page/migration-page.tsx')).MigrationPage }),
  },
  {
    path: 'instances',
    lazy: async () => ({ Component: (await import('../places/instances-page.tsx')).InstancesPage }),
  },
  {
    path: 'instances/:id',
    lazy: async () => ({ Component: (await import('../places/instance-page.tsx')).InstancePage }),
  },
  { path: 'volumes', lazy: async () => ({ Component: (await import('../places/volumes-page.tsx')).VolumesPage }) },
  { path: 'images', lazy: async () => ({ Component: (await import('../images/images-page.tsx')).ImagesPage }) },
  { path: 'images/:id', lazy: async () => ({ Component: (await import('../images/image-page.tsx')).ImagePage }) },
  { path: 'workers', lazy: async () => ({ Component: (await import('../places/workers-page.tsx')).WorkersPage }) },
  { path: 'guides', lazy: async () => ({ Component: (await import('../guides/guides-page.tsx')).GuidesPage }) },
  { path: 'guides/:name', lazy: async () => ({ Component: (await import('../guides/guide-page.tsx')).GuidePage }) },
  { path: 'users', lazy: async () => ({ Component: (await import('../administration/users-page.tsx')).UsersPage }) },
  { path: 'audit', lazy: async () => ({ Component: (await import('../administration/audit-page.tsx')).AuditPage }) },
  {
    path: 'settings',
    lazy: async () => ({ Component: (await import('../administration/settings/settings-page.tsx')).SettingsPage }),
  },
  { path: '*', element: <NotFound /> },
];

export const ROUTES: RouteObject[] = [
  { path: 'sign-in', element: <SignInPage /> },
  { path: '/', element: <Frame />, errorElement: <NotFound />, hydrateFallbackElement: <></>, children: pages },
];

export function makeRouter() {
  return createBrowserRouter(ROUTES);
}
