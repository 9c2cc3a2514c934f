import { isIP } from 'node:net';

/** Whether nobody beyond this machine reaches what listens at this host. */
export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost') return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}
