import { valueOf } from '../report.ts';
import { block, pass, SOURCES, unknown, warn, type GuestCheck } from './check.ts';

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
        : block(`${name} is ${start === 'absent' ? 'not installed' : `set to start ${start}`}`);
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
      return start === 'absent' || start === 'disabled' ? warn(`netkvm is ${start}`) : pass('netkvm is installed');
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
