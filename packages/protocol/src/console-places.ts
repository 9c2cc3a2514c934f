/**
 * First words of the addresses of the console. The service answers them, and what lies below them, with the page; the
 * console shows something for each. Everything else is not found, as it should be.
 */
export const CONSOLE_PLACES = [
  'sign-in',
  'instance-migrations',
  'data-migrations',
  'migrations',
  'instances',
  'volumes',
  'images',
  'workers',
  'guides',
  'users',
  'audit',
  'settings',
] as const;
export type ConsolePlace = (typeof CONSOLE_PLACES)[number];
