import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { judgeBoot, type Judged } from '../../src/providers/boot/judge-boot.ts';
import { probeAccelerator } from '../../src/providers/local/guest/accelerator.ts';
import { findFirmware, findQemu } from '../../src/providers/local/guest/programs.ts';
import { FAILED_MARK, type MiniGuest } from './mini-guest.ts';

/** A machine as the guest had it where it came from, or as it shall have it: the provider knows virtio alone. */
export interface BareMachine {
  readonly disk: string;
  readonly firmware: MiniGuest['firmware'];
  readonly bus: 'virtio' | 'ide' | 'pvscsi';
  /** In MiB; without it, what mini guests need. */
  readonly memory?: number;
  /** The address of its network card, which leads nowhere. */
  readonly mac?: string;
  /** Whether what the guest writes stays on the disk. */
  readonly keep?: boolean;
  /** It is switched off when it said this or `FAILED_MARK`, or when enough was said. */
  readonly until: string | ((said: string) => boolean);
  readonly withinMs?: number;
}

const BUSES = {
  virtio: ['-device', 'virtio-blk-pci,drive=d0'],
  ide: ['-device', 'ide-hd,drive=d0,bus=ide.0'],
  pvscsi: ['-device', 'pvscsi', '-device', 'scsi-hd,drive=d0'],
} as const;

/** Starts QEMU by itself. @returns all that the guest said, when it was switched off or the time was over */
export async function bareBoot(machine: BareMachine): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), 'diskferry-boot-'));
  try {
    const qemu = await findQemu();
    const memory = ['-m', String(machine.memory ?? 256)];
    const args = [...(await accelerated(qemu)), ...memory, ...devices(machine)];
    if (machine.firmware === 'uefi') args.push(...(await uefi(work)));
    return await said(machine, { qemu, args, work });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What became of it, as the proof of a boot judges it: as soon as that can be told, or when the time is over. */
export async function outcomeOn(machine: Omit<BareMachine, 'until'>): Promise<Judged> {
  return judged(await bareBoot({ ...machine, until: (said) => judged(said).verdict !== 'unknown' }));
}

function judged(serial: string): Judged {
  return judgeBoot({ serial, screen: '', hasBlueScreen: false });
}

async function accelerated(qemu: string): Promise<string[]> {
  const accelerator = await probeAccelerator(qemu);
  return ['-machine', 'pc', '-accel', accelerator, '-cpu', accelerator === 'kvm' ? 'host' : 'max'];
}

function devices({ disk, bus, mac, keep }: BareMachine): string[] {
  const card = ['-netdev', 'user,id=n0,restrict=on', '-device', `virtio-net-pci,netdev=n0,romfile=,mac=${mac}`];
  const drive = `if=none,id=d0,format=raw,file=${disk},snapshot=${keep === true ? 'off' : 'on'}`;
  const quiet = ['-nodefaults', '-no-user-config', '-display', 'none', '-vga', 'std', '-serial', 'stdio', '-no-reboot'];
  return [...quiet, '-drive', drive, ...BUSES[bus], ...(mac === undefined ? ['-nic', 'none'] : card)];
}

/** With a memory that knows no entries yet. */
async function uefi(work: string): Promise<string[]> {
  const { code, vars } = await findFirmware();
  await copyFile(vars, join(work, 'vars.fd'));
  const flash = 'if=pflash,format=raw';
  return ['-drive', `${flash},readonly=on,file=${code}`, '-drive', `${flash},file=vars.fd`];
}

async function said(machine: BareMachine, how: { qemu: string; args: readonly string[]; work: string }) {
  const child = spawn(how.qemu, how.args, { cwd: how.work, stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), machine.withinMs ?? 120_000);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    if (hasSaidEnough(text, machine.until)) child.kill('SIGKILL');
  });
  await once(child, 'close').finally(() => clearTimeout(timer));
  return stripVTControlCharacters(text).replaceAll('\r', '');
}

/** A mark is a word in a line; the line is over before the guest is switched off. */
function hasSaidEnough(text: string, until: BareMachine['until']): boolean {
  if (typeof until === 'function') return until(text);
  const heard = [until, FAILED_MARK].map((mark) => text.indexOf(mark)).find((at) => at >= 0);
  return heard !== undefined && text.includes('\n', heard);
}
