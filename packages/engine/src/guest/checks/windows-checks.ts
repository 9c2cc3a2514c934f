import { valueOf, type WindowsStart } from '../report.ts';
import { block, pass, SOURCES, unknown, warn, type GuestCheck, type Judgement } from './check.ts';

/** What is wrong with a driver that does not start. */
const LACKING = {
  absent: 'not installed',
  'no-file': 'registered, but its file is missing',
  disabled: 'disabled',
} as const;
const BUS_DRIVERS = { 'virtio-blk': 'viostor', 'virtio-scsi': 'vioscsi' } as const;

export const WINDOWS_CHECKS: readonly GuestCheck[] = [
  {
    code: 'guest-windows-disk-driver',
    looksAt: 'whether Windows has the driver of the disk bus and starts it at boot',
    remedy: 'Install the virtio drivers (virtio-win) on the running system before exporting.',
    source: SOURCES.windows,
    traits: ['bus'],
    systemOnly: true,
    judge({ system }, { bus }) {
      // The driver of an IDE disk comes with Windows itself.
      if (!system?.windows || bus === 'ide') return undefined;
      const { drivers } = system.windows;
      if ('unknown' in drivers) return unknown(drivers.unknown);
      const name = BUS_DRIVERS[bus];
      const start = drivers.value[name] ?? 'absent';
      return start === 'boot'
        ? pass(`${name} starts at boot`)
        : block(`${name} is ${start === 'later' ? 'set to start later' : LACKING[start]}`);
    },
  },
  {
    code: 'guest-windows-boot-store',
    looksAt:
      'whether the boot store of Windows (BCD) is there for the firmware of the target, and leads to Windows on this disk',
    remedy:
      'Write it anew on the running system, or from the recovery console: bcdboot C:\\Windows /s S: /f BIOS (or UEFI), where S: is the boot volume.',
    source: SOURCES.windows,
    traits: ['firmware'],
    systemOnly: true,
    judge({ system }, { firmware }) {
      if (!system?.windows) return undefined;
      const { starts } = system.windows;
      if ('unknown' in starts) return unknown(starts.unknown);
      if (starts.value.length === 0) return block('no BCD was found on any volume');
      const start = starts.value.find((each) => firmware.includes(each.firmware));
      const kinds = starts.value.map((each) => each.firmware).join(' and ');
      return start
        ? judgeStart(start, system.root)
        : block(`a BCD for ${kinds}; the target has ${firmware.join(', ')}`);
    },
  },
  {
    code: 'guest-windows-network-driver',
    looksAt: 'whether Windows has the driver of the network interface',
    remedy: 'Install the virtio drivers (virtio-win) on the running system before exporting.',
    source: SOURCES.windows,
    traits: ['nic'],
    systemOnly: true,
    judge({ system }) {
      if (!system?.windows) return undefined;
      const { drivers } = system.windows;
      if ('unknown' in drivers) return unknown(drivers.unknown);
      const start = drivers.value['netkvm'] ?? 'absent';
      return start === 'boot' || start === 'later' ? pass('netkvm is installed') : warn(`netkvm is ${LACKING[start]}`);
    },
  },
  {
    code: 'guest-windows-sysprep',
    looksAt: 'whether Windows was generalised by Sysprep, or stands in the middle of it',
    remedy: 'Let Windows finish its setup before exporting; a copy of one server needs no Sysprep.',
    source: SOURCES.windows,
    traits: [],
    systemOnly: true,
    judge({ system }) {
      if (!system?.windows) return undefined;
      const { sysprep } = system.windows;
      if ('unknown' in sysprep) return unknown(sysprep.unknown);
      const state = valueOf(sysprep);
      return state === 'IMAGE_STATE_COMPLETE' ? pass('Windows is set up') : warn(`its setup stands at ${state}`);
    },
  },
];

/** What one store says: which program is started, and on which volume it takes Windows to be. */
function judgeStart({ firmware, store, program, isThere, system }: WindowsStart, root: string): Judgement {
  const said = `${program ?? 'nothing'}, as the BCD on ${store} says`;
  if (program === null) return unknown('unknown' in system ? system.unknown : said);
  if (isThere === false) return block(`${said}, is not there`);
  if (firmware === 'uefi' && /\.exe$/i.test(program)) return block(`${said}, is for BIOS; the BCD is for UEFI`);
  if (firmware === 'bios' && /\.efi$/i.test(program)) return block(`${said}, is for UEFI; the BCD is for BIOS`);
  if ('unknown' in system) return unknown(`${said}: ${system.unknown}`);
  if (system.value === root) return pass(`${said}, on ${root}`);
  return block(`${said}, is to start Windows on ${system.value}; Windows lies on ${root}`);
}
