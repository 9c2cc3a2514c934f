import type { Filesystem } from '../../filesystem/filesystem.ts';
import type { WindowsDriver } from '../../report.ts';
import { keyBelow, type RegistryKey } from './hive.ts';

const DRIVERS = ['viostor', 'vioscsi', 'netkvm', 'balloon', 'vioser', 'stornvme', 'storahci'];
const STARTS = ['boot', 'later', 'later', 'later', 'disabled'] as const;

/** How each driver starts, by the key of its service; a service whose program is not there starts nothing. */
export async function readDrivers(
  set: RegistryKey,
  files: Filesystem,
): Promise<Readonly<Record<string, WindowsDriver>> | undefined> {
  const services = await keyBelow(set, 'Services');
  if (!services) return undefined;
  const value: Record<string, WindowsDriver> = {};
  for (const name of DRIVERS) value[name] = await startOf(await services.child(name), name, files);
  return value;
}

async function startOf(service: RegistryKey | undefined, name: string, files: Filesystem): Promise<WindowsDriver> {
  const start = (await service?.value('Start'))?.content;
  if (typeof start !== 'number') return 'absent';
  const image = (await service?.value('ImagePath'))?.content;
  const path = programOf(typeof image === 'string' && image !== '' ? image : `System32\\drivers\\${name}.sys`);
  if (path !== undefined && !(await files.lookup(path))) return 'no-file';
  return STARTS[start] ?? 'disabled';
}

/** Below the folder of Windows, as all drivers of devices are; undefined: somewhere that is not understood. */
function programOf(image: string): string | undefined {
  const below = image.replace(/^(?:\\SystemRoot\\|%SystemRoot%\\|\\\?\?\\[A-Z]:\\Windows\\)/i, '');
  return /^[\w.-]+(?:\\[\w.-]+)*$/.test(below) ? `/Windows/${below.replaceAll('\\', '/')}` : undefined;
}
