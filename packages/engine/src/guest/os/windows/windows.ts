import { fact } from '../../facts.ts';
import { damaged } from '../../fault.ts';
import type { Filesystem } from '../../filesystem/filesystem.ts';
import { valueOf, type Fact, type SystemFacts, type WindowsFacts } from '../../report.ts';
import { hasAny } from '../find-root.ts';
import { findConflicts } from '../conflicts.ts';
import { keyBelow, openHive, type Hive } from './hive.ts';
import { readHibernated, readMachine } from './windows-files.ts';

const CONFIG = '/Windows/System32/config';
const DRIVERS = ['viostor', 'vioscsi', 'netkvm', 'balloon', 'vioser', 'stornvme', 'storahci'];
const STARTS = ['boot', 'later', 'later', 'later', 'disabled'] as const;
const CLOUDBASE = '/Program Files/Cloudbase Solutions/Cloudbase-Init';

/** What a Windows says about itself: from two files of its registry, and a few others. */
export async function readWindows(root: string, files: Filesystem): Promise<SystemFacts> {
  const software = await hive(files, 'SOFTWARE');
  const system = await hive(files, 'SYSTEM');
  const none = { unknown: 'it is a Windows' };
  const version = await fact(() => versionOf(software));
  return {
    family: 'windows',
    root,
    distribution: 'unknown' in version ? version : { value: described(version.value), from: version.from },
    architecture: await fact(() => readMachine(files)),
    hostname: await fact(() => computerName(system)),
    kernels: none,
    started: none,
    drivers: none,
    fstab: none,
    crypttab: none,
    network: { unknown: 'the network of a Windows is not looked at' },
    cloudInit: await fact(async () => {
      const installed = await hasAny(files, [CLOUDBASE]);
      return { value: { installed, disabled: false, datasources: null }, from: CLOUDBASE };
    }),
    conflicts: await fact(async () => ({ value: await findConflicts(files), from: 'their usual places' })),
    windows: {
      version,
      drivers: await fact(() => drivers(system)),
      hibernated: await fact(() => readHibernated(files)),
      sysprep: await fact(() => imageState(software)),
    },
  };
}

async function hive(files: Filesystem, name: string): Promise<Fact<Hive>> {
  return await fact(async () => {
    const path = `${CONFIG}/${name}`;
    const file = await files.open(path);
    if (!file) throw damaged(`there is no ${path}`);
    return { value: await openHive(file), from: path };
  });
}

/** @throws GuestFault with the reason why the file could not be read */
function opened(found: Fact<Hive>): { readonly hive: Hive; readonly from: string } {
  const value = valueOf(found);
  if (value === undefined || !('from' in found)) throw damaged('unknown' in found ? found.unknown : 'it was not read');
  return { hive: value, from: value.torn ? `${found.from}, which was not closed` : found.from };
}

async function textAt(found: Fact<Hive>, path: string, name: string): Promise<Fact<string>> {
  const { hive, from } = opened(found);
  const content = (await (await keyBelow(hive.root, path))?.value(name))?.content;
  return typeof content === 'string' ? { value: content, from } : { unknown: `${path} has no ${name}` };
}

async function versionOf(software: Fact<Hive>): Promise<Fact<string>> {
  const path = 'Microsoft\\Windows NT\\CurrentVersion';
  const name = await textAt(software, path, 'ProductName');
  const build = await textAt(software, path, 'CurrentBuildNumber');
  if (!('value' in name)) return name;
  return { value: `${name.value}, build ${valueOf(build) ?? 'unknown'}`, from: name.from };
}

function described(version: string): { readonly id: string; readonly name: string; readonly version: string } {
  return { id: 'windows', name: version, version: /build (\S+)$/.exec(version)?.[1] ?? '' };
}

async function imageState(software: Fact<Hive>): Promise<Fact<string>> {
  return await textAt(software, 'Microsoft\\Windows\\CurrentVersion\\Setup\\State', 'ImageState');
}

/** Which of its sets of settings the system starts with. */
async function controlSet({ root }: Hive): Promise<string> {
  const current = (await (await root.child('Select'))?.value('Current'))?.content;
  if (typeof current !== 'number' || current > 999)
    throw damaged('the registry does not say which control set is used');
  return `ControlSet${String(current).padStart(3, '0')}`;
}

async function computerName(system: Fact<Hive>): Promise<Fact<string>> {
  const set = await controlSet(opened(system).hive);
  return await textAt(system, `${set}\\Control\\ComputerName\\ComputerName`, 'ComputerName');
}

async function drivers(system: Fact<Hive>): Promise<WindowsFacts['drivers']> {
  const { hive, from } = opened(system);
  const services = await keyBelow(hive.root, `${await controlSet(hive)}\\Services`);
  if (!services) return { unknown: 'the registry has no services' };
  const value: Record<string, (typeof STARTS)[number] | 'absent'> = {};
  for (const name of DRIVERS) {
    const start = (await (await services.child(name))?.value('Start'))?.content;
    value[name] = typeof start === 'number' ? (STARTS[start] ?? 'disabled') : 'absent';
  }
  return { value, from };
}
