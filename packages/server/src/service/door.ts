import { readFile } from 'node:fs/promises';
import { ServiceError } from '../base/errors.ts';
import { type Door, LOOPBACK_HOSTS } from '../api/parts.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { isLoopbackHost } from '../configuration/loopback.ts';

/** Who may come in from where, by what the configuration says about where it listens. */
export async function doorOf({ listen }: Configuration): Promise<Door> {
  const { host, tls, publicUrl, hosts } = listen;
  const publicHost = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  const loopback = isLoopbackHost(host);
  return {
    secureCookies: tls !== undefined || publicUrl?.startsWith('https:') === true,
    trustedOrigins: publicUrl === undefined ? [] : [new URL(publicUrl).origin],
    hosts: loopback || hosts.length > 0 ? [...LOOPBACK_HOSTS, ...publicHost, ...hosts] : null,
    // Only where there is a proxy: any program of this machine could otherwise choose the address that the audit log shows.
    trustedProxies: publicUrl === undefined ? [] : ['127.0.0.1', '::1'],
    openMetrics: loopback,
    ...(tls === undefined
      ? {}
      : { tls: { key: await pem('key', tls.key), cert: await pem('certificate', tls.certificate) } }),
  };
}

async function pem(key: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ServiceError('configuration-invalid', `service.listen.${key}: ${path} cannot be read`, { cause });
  }
}

/** Where people find it: the public address, or where it listens. */
export function addressOf({ listen }: Configuration, port: number): string {
  if (listen.publicUrl !== undefined) return listen.publicUrl.replace(/\/+$/, '');
  const host = listen.host === '0.0.0.0' || listen.host === '::' ? '127.0.0.1' : listen.host;
  return `${listen.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
