import { fact } from '../../facts.ts';
import { damaged } from '../../fault.ts';
import type { Filesystem } from '../../filesystem/filesystem.ts';
import { valueOf, type Fact, type SystemFacts, type WindowsFacts } from '../../report.ts';
import { hasAny } from '../find-root.ts';
import { findConflicts } from '../conflicts.ts';
import type { PartitionTable } from '../../partition/partition.ts';
import type { Volume } from '../../volume/volumes.ts';
import { readStarts } from './boot-store.ts';
import { readDrivers } from './drivers.ts';
import { keyBelow, openHive, type Hive, type RegistryKey } from './hive.ts';
import { windowsVersion } from './version.ts';
import { readHibernated, readMachine } from './windows-files.ts';

const CONFIG = '/Windows/System32/config';
const CLOUDBASE = '/Program Files/Cloudbase Solutions/Cloudbase-Init';

/** What a Windows says about itself: from two files of its registry, and a few others. */
export async function readWindows(
  root: string,
  files: Filesystem,
  disk: { readonly volumes: readonly Volume[]; readonly table: PartitionTable },
): Promise<Omit<SystemFacts, 'subvolume'>> {
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
      drivers: await fact(() => drivers(system, files)),
      starts: await fact(() => readStarts(disk.volumes, disk.table)),
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
  const { hive, from } = opened(software);
  const key = await keyBelow(hive.root, 'Microsoft\\Windows NT\\CurrentVersion');
  const text = async (name: string) => {
    const content = (await key?.value(name))?.content;
    return typeof content === 'string' ? content : undefined;
  };
  const revision = (await key?.value('UBR'))?.content;
  return windowsVersion(
    {
      product: await text('ProductName'),
      build: await text('CurrentBuildNumber'),
      kind: await text('InstallationType'),
      release: await text('DisplayVersion'),
      revision: typeof revision === 'number' ? revision : undefined,
    },
    from,
  );
}

function described(version: string): { readonly id: string; readonly name: string; readonly version: string } {
  return { id: 'windows', name: version, version: /build (\S+)$/.exec(version)?.[1] ?? '' };
}

async function imageState(software: Fact<Hive>): Promise<Fact<string>> {
  return await textAt(software, 'Microsoft\\Windows\\CurrentVersion\\Setup\\State', 'ImageState');
}

/** The set of settings that the system starts with. */
async function controlSet({ root }: Hive): Promise<RegistryKey> {
  const current = (await (await root.child('Select'))?.value('Current'))?.content;
  if (typeof current !== 'number' || current > 999)
    throw damaged('the registry does not say which control set is used');
  const name = `ControlSet${String(current).padStart(3, '0')}`;
  const set = await root.child(name);
  if (!set) throw damaged(`the registry has no ${name}`);
  return set;
}

async function computerName(system: Fact<Hive>): Promise<Fact<string>> {
  const { hive, from } = opened(system);
  const path = 'Control\\ComputerName\\ComputerName';
  const content = (await (await keyBelow(await controlSet(hive), path))?.value('ComputerName'))?.content;
  return typeof content === 'string' ? { value: content, from } : { unknown: `${path} has no ComputerName` };
}

async function drivers(system: Fact<Hive>, files: Filesystem): Promise<WindowsFacts['drivers']> {
  const { hive, from } = opened(system);
  const value = await readDrivers(await controlSet(hive), files);
  return value ? { value, from } : { unknown: 'the registry has no services' };
}
