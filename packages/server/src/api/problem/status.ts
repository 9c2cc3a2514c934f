import type { DiskferryError } from '@diskferry/engine';
import type { ProviderCode } from '../../providers/catalogue.ts';

/** The HTTP status of an error of a provider. */
export const PROVIDER_STATUS: Readonly<Record<ProviderCode, number>> = {
  'volume-not-found': 404,
  'instance-not-found': 404,
  'zone-unknown': 422,
  'zone-differs': 422,
  'request-invalid': 422,
  'operation-key-reused': 409,
  held: 409,
  'volume-attached': 409,
  'volume-is-system': 409,
  'volume-in-use': 409,
  'volume-shrinks': 422,
  'volume-damaged': 409,
  'volume-is-device': 409,
  'device-unusable': 409,
  'device-refused': 503,
  'attachments-full': 409,
  'instance-running': 409,
  'folder-busy': 503,
  'folder-damaged': 503,
  'locks-missing': 503,
  'storage-failed': 503,
  'hypervisor-missing': 503,
  'instance-stopped': 409,
  'screen-missing': 503,
  'console-unread': 503,
  'guest-not-started': 503,
  'guest-not-stopped': 503,
};

/** Of the network behind us; everything else is about what was named. */
const BEHIND_US = ['source-unreachable', 'source-timeout', 'source-answer', 'source-busy', 'target-unreachable'];

export function engineStatus({ code, kind }: DiskferryError): number {
  if (code === 'internal') return 500;
  if (kind === 'interrupted') return 503;
  if (BEHIND_US.includes(code)) return 502;
  return kind === 'target' ? 409 : 422;
}
