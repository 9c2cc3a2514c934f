import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootSector } from './boot-sector.ts';

export type Accelerator = 'kvm' | 'tcg';

export const MARK = 'diskferry: this machine runs';
const PROBE_MS = 5000;

/** `tcg` unless KVM is there, may be used, has a processor that it can work with, and has booted a machine. */
export async function probeAccelerator(qemu: string): Promise<Accelerator> {
  if (!(await mayOpenKvm()) || !isKvmPlausible(await processorFacts())) return 'tcg';
  return (await boots({ qemu, accelerator: 'kvm', sector: bootSector(MARK) })) ? 'kvm' : 'tcg';
}

/**
 * A device that is there and opens proves nothing: under PVM the firmware runs, and then a stock kernel hangs without a
 * word. Hardware that can do it says so in the flags of the processor.
 */
export function isKvmPlausible(facts: { readonly cpuinfo: string; readonly hasPvm: boolean }): boolean {
  return !facts.hasPvm && /^flags\s*:.*\b(vmx|svm)\b/m.test(facts.cpuinfo);
}

/** Whether the machine writes its mark to the serial port within some seconds. Nothing is left of it afterwards. */
export async function boots(machine: {
  readonly qemu: string;
  readonly accelerator: Accelerator;
  readonly sector: Uint8Array;
  readonly withinMs?: number;
}): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'diskferry-probe-'));
  try {
    await writeFile(
      join(folder, 'disk'),
      Buffer.concat([machine.sector, Buffer.alloc(2 ** 20 - machine.sector.length)]),
    );
    return await saysMark(machine, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function saysMark(machine: Parameters<typeof boots>[0], cwd: string): Promise<boolean> {
  const { qemu, accelerator, withinMs = PROBE_MS } = machine;
  const cpu = accelerator === 'kvm' ? 'host' : 'max';
  const disk = { driver: 'raw', 'node-name': 'd0', file: { driver: 'file', filename: 'disk' } };
  const args = ['-nodefaults', '-no-user-config', '-display', 'none', '-nic', 'none', '-machine', 'pc', '-m', '64'];
  args.push('-accel', accelerator, '-cpu', cpu, '-serial', 'stdio', '-blockdev', JSON.stringify(disk));
  args.push('-device', 'virtio-blk-pci,drive=d0,bootindex=0');
  return new Promise((resolve) => {
    let said = '';
    const child = spawn(qemu, args, { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
    child.stdout.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('latin1')).slice(-1024);
      if (said.includes(MARK)) child.kill('SIGKILL');
    });
    const end = (): void => {
      clearTimeout(timer);
      resolve(said.includes(MARK));
    };
    child.on('error', end);
    child.on('close', end);
  });
}

async function mayOpenKvm(): Promise<boolean> {
  return await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function processorFacts(): Promise<{ cpuinfo: string; hasPvm: boolean }> {
  const cpuinfo = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const hasPvm = await access('/sys/module/kvm_pvm').then(
    () => true,
    () => false,
  );
  return { cpuinfo, hasPvm };
}
