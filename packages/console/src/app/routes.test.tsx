// @vitest-environment happy-dom
import { CONSOLE_PLACES } from '@diskferry/protocol';
import { matchRoutes } from 'react-router';
import { expect, it } from 'vitest';
import { ROUTES } from './routes.tsx';
import { ownPath } from './sign-in.tsx';

const shown = (path: string) => matchRoutes(ROUTES, path)?.at(-1)?.route.path;

it('shows something at every address that the service answers with the console', () => {
  // Of a migration there is only the page of a single one.
  const paths = CONSOLE_PLACES.map((place) => (place === 'migrations' ? '/migrations/1' : `/${place}`));
  expect(paths.filter((path) => shown(path) === '*')).toEqual([]);
  expect(shown('/nowhere')).toBe('*');
});

it('has no page that the service does not answer', () => {
  const own = ROUTES.flatMap(({ path, children = [] }) => [path, ...children.map((child) => child.path)]);
  const first = own.flatMap((path) => (path === undefined || path === '/' || path === '*' ? [] : path.split('/')[0]));
  expect(first.filter((place) => !(CONSOLE_PLACES as readonly unknown[]).includes(place))).toEqual([]);
});

it.each([
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '/sign-in?to=/sign-in',
  'javascript:alert(1)',
  null,
])('goes nowhere but home after a sign-in with to=%s', (to) => expect(ownPath(to)).toBe('/'));

it('goes back to where somebody wanted to go', () => expect(ownPath('/volumes?q=a')).toBe('/volumes?q=a'));
