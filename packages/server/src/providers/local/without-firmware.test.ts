import { expect, it, vi } from 'vitest';
import { MACHINE, MiB, openLocal, PLACE } from '../../../testing/local-cloud.ts';
import { localFolder } from '../../../testing/local-scene.ts';

/** A machine that has a QEMU, and no firmware for UEFI. */
vi.mock('./guest/programs.ts', async (original) => {
  const real = await original<typeof import('./guest/programs.ts')>();
  const nowhere = [{ code: '/nowhere/OVMF_CODE.fd', vars: '/nowhere/OVMF_VARS.fd' }];
  return { findQemu: async () => '/nowhere/qemu', findFirmware: () => real.findFirmware(nowhere) };
});

it('where OVMF is not installed, starting with UEFI says what to install, and has started nothing', async () => {
  await using provider = await openLocal(await localFolder());
  const wanted = { name: 'a server', ...PLACE, ...MACHINE, firmware: 'uefi', systemSize: MiB } as const;
  const instance = await provider.createInstance(wanted, { key: 'server' });
  await expect(provider.startInstance(instance.id, { key: 'start' })).rejects.toMatchObject({
    code: 'hypervisor-missing',
    message: expect.stringContaining('no firmware for UEFI: looked for /nowhere/OVMF_CODE.fd'),
    hint: 'On Debian: apt-get install qemu-system-x86 ovmf',
  });
  expect(await provider.getInstance(instance.id)).toEqual(instance);
});
