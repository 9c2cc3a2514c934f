import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { ProviderError } from '../../provider-error.ts';

const QEMU = 'qemu-system-x86_64';

/** Code of the firmware, and the memory that it begins with: Debian, Fedora, Arch. */
const OVMF = [
  { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', vars: '/usr/share/OVMF/OVMF_VARS_4M.fd' },
  { code: '/usr/share/edk2/ovmf/OVMF_CODE.fd', vars: '/usr/share/edk2/ovmf/OVMF_VARS.fd' },
  { code: '/usr/share/edk2/x64/OVMF_CODE.4m.fd', vars: '/usr/share/edk2/x64/OVMF_VARS.4m.fd' },
] as const;

export interface Firmware {
  readonly code: string;
  readonly vars: string;
}

/** @throws ProviderError `hypervisor-missing` */
export async function findQemu(path = process.env['PATH'] ?? ''): Promise<string> {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const program = join(folder, QEMU);
    if (await may(program, constants.X_OK)) return program;
  }
  throw new ProviderError('hypervisor-missing', `${QEMU} is not in ${path}`);
}

/** @throws ProviderError `hypervisor-missing` */
export async function findFirmware(candidates: readonly Firmware[] = OVMF): Promise<Firmware> {
  for (const firmware of candidates) {
    if ((await may(firmware.code, constants.R_OK)) && (await may(firmware.vars, constants.R_OK))) return firmware;
  }
  const looked = candidates.map(({ code }) => code).join(', ');
  throw new ProviderError('hypervisor-missing', `no firmware for UEFI: looked for ${looked}`);
}

async function may(path: string, mode: number): Promise<boolean> {
  return await access(path, mode).then(
    () => true,
    () => false,
  );
}
