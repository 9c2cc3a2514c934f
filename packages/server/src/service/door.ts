import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
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
    ...(tls === undefined ? {} : { tls: await pairOf(tls) }),
  };
}

/** What cannot be used is said by its name, and not in the words of OpenSSL when the first one connects. */
async function pairOf(tls: NonNullable<Configuration['listen']['tls']>): Promise<{ key: string; cert: string }> {
  const pair = { key: await pem('key', tls.key), cert: await pem('certificate', tls.certificate) };
  try {
    createSecureContext(pair);
    return pair;
  } catch (cause) {
    const what = `${tls.key} and ${tls.certificate} are no key and certificate in PEM that belong together`;
    throw new ServiceError('configuration-invalid', `service.listen.key: ${what}`, { cause });
  }
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
