import type { PartitionTable } from '../../partition/partition.ts';
import { reasonOf } from '../../fault.ts';
import type { Fact, WindowsStart } from '../../report.ts';
import type { Volume } from '../../volume/volumes.ts';
import { deviceIn } from './boot-device.ts';
import { keyBelow, openHive, type RegistryKey } from './hive.ts';

/** Where the boot manager of each firmware looks for its store, a registry file. */
const STORES = { bios: '/Boot/BCD', uefi: '/EFI/Microsoft/Boot/BCD' } as const;
const BOOT_MANAGER = '{9dea862c-5cdd-4e70-acc1-f32b344d4795}';
/** Numbers of elements (Microsoft's BcdBootMgrElementTypes and its kin). */
const ELEMENT = { default: '23000003', device: '11000001', program: '12000002', title: '12000004', system: '21000001' };

/** What the boot manager of Windows starts by itself, for each store on the disk. */
export async function readStarts(
  volumes: readonly Volume[],
  table: PartitionTable,
): Promise<Fact<readonly WindowsStart[]>> {
  const starts: WindowsStart[] = [];
  const faults: string[] = [];
  for (const volume of volumes) {
    for (const firmware of ['bios', 'uefi'] as const) {
      try {
        const start = await readStart(volume, firmware, { volumes, table });
        if (start) starts.push(start);
      } catch (error) {
        faults.push(`${STORES[firmware]} on ${volume.place}: ${reasonOf(error)}`);
      }
    }
  }
  const [fault] = faults;
  return starts.length === 0 && fault !== undefined ? { unknown: fault } : { value: starts, from: 'BCD' };
}

async function readStart(
  volume: Volume,
  firmware: WindowsStart['firmware'],
  disk: { readonly volumes: readonly Volume[]; readonly table: PartitionTable },
): Promise<WindowsStart | undefined> {
  const file = await volume.files?.open(STORES[firmware]);
  if (!file) return undefined;
  const { root } = await openHive(file);
  const chosen = await element(root, BOOT_MANAGER, ELEMENT.default);
  const unread = { firmware, store: volume.place, title: '', program: null, isThere: null };
  if (typeof chosen !== 'string') return { ...unread, system: { unknown: 'the store names no entry that it starts' } };
  const program = await element(root, chosen, ELEMENT.program);
  const title = await element(root, chosen, ELEMENT.title);
  const loader = deviceIn(await element(root, chosen, ELEMENT.device), volume.place, disk);
  const system = deviceIn(await element(root, chosen, ELEMENT.system), volume.place, disk);
  return {
    firmware,
    store: volume.place,
    title: typeof title === 'string' ? title : '',
    program: typeof program === 'string' ? program : null,
    isThere:
      typeof program === 'string' && 'value' in loader ? await isThere(disk.volumes, loader.value, program) : null,
    system,
  };
}

async function element(root: RegistryKey, object: string, type: string) {
  const key = await keyBelow(root, `Objects\\${object}\\Elements\\${type}`);
  return (await key?.value('Element'))?.content;
}

async function isThere(volumes: readonly Volume[], place: string, program: string): Promise<boolean | null> {
  const files = volumes.find((volume) => volume.place === place)?.files;
  return files ? (await files.lookup(program.replaceAll('\\', '/'))) !== undefined : null;
}
