import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { tempFolder } from '../../../engine/testing/temp.ts';
import { findGuestKernel, moduleFiles } from './guest-kernel.ts';
import { missingForGuests } from './guest-needs.ts';

const folder = await tempFolder();
afterEach(() => void vi.unstubAllEnvs());

/** As a package of Debian is unpacked, as far as it is looked at. */
async function kernelIn(name: string): Promise<string> {
  const modules = join(folder, name, 'lib/modules/6.1.0-9-cloud-amd64');
  await mkdir(modules, { recursive: true });
  await writeFile(join(folder, name, 'vmlinuz'), '');
  await writeFile(join(modules, 'modules.builtin'), 'kernel/fs/ext4/ext4.ko\n');
  const needs = ['kernel/dm-mod.ko:', 'kernel/scsi_mod.ko: kernel/scsi_common.ko', 'kernel/scsi_common.ko:'];
  needs.push('kernel/sd_mod.ko: kernel/scsi_mod.ko kernel/scsi_common.ko', '');
  await writeFile(join(modules, 'modules.dep'), needs.join('\n'));
  return join(folder, name);
}

it('says how the kernel is fetched, and which packages are to be installed, where they are missing', async () => {
  vi.stubEnv('DISKFERRY_GUEST_KERNEL', '/nowhere');
  vi.stubEnv('PATH', '/nowhere');
  const missing = await missingForGuests();
  expect(missing).toHaveLength(2);
  expect(missing[0]).toMatch(/^apt-get install --no-install-recommends (\S+ )*qemu-system-x86\b/);
  expect(missing[1]).toBe('npm run guest-kernel');
});

it('asks for the tools of LVM and XFS only where a guest has them', async () => {
  vi.stubEnv('PATH', '/nowhere');
  const installed = (await missingForGuests({ layout: 'one', rootFs: 'ext4', firmware: 'bios' })).join(' ');
  expect(installed).not.toMatch(/lvm2|xfsprogs|ovmf|grub-efi/);
});

it('finds a kernel where DISKFERRY_GUEST_KERNEL says', async () => {
  vi.stubEnv('DISKFERRY_GUEST_KERNEL', await kernelIn('found'));
  expect(findGuestKernel()).toMatchObject({ version: '6.1.0-9-cloud-amd64', vmlinuz: join(folder, 'found/vmlinuz') });
});

it('gives the files of modules behind what they need, nothing for what is built in, and refuses what is nowhere', async () => {
  const kernel = findGuestKernel(await kernelIn('modules'));
  if (kernel === undefined) throw new Error('the kernel is not found');
  const files = await moduleFiles(kernel, ['sd_mod', 'dm_mod', 'ext4', 'scsi_mod']);
  const scsi = ['kernel/scsi_common.ko', 'kernel/scsi_mod.ko', 'kernel/sd_mod.ko'];
  expect(files).toEqual([...scsi, 'kernel/dm-mod.ko']);
  await expect(moduleFiles(kernel, ['nonsense'])).rejects.toThrow('no module nonsense');
});
