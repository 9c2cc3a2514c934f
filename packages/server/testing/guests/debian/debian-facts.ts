import { type GuestReport, valueOf } from '@diskferry/engine/guest';
import { expect } from 'vitest';
import { guestId } from '../mini-guest.ts';
import { DEBIAN, type DebianBase, USUAL_INITRAMFS } from './debian-base.ts';

/** What is read of it from the outside is what its own tools say. */
export async function expectFacts(
  { nature, warnings, volumes, boot, system }: GuestReport,
  base: DebianBase,
): Promise<void> {
  expect([nature.kind, warnings]).toEqual(['system', []]);
  expect(volumes.map(({ place, content }) => [place, content?.kind, content?.uuid])).toEqual([
    ['partition 1', 'ext4', guestId(DEBIAN, 'boot')],
    ['partition 2', 'ext4', guestId(DEBIAN, 'root')],
  ]);
  const release = await base.told('os-release');
  const word = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(release)?.[1];
  expect(system).toMatchObject({
    family: 'linux',
    root: 'partition 2',
    distribution: { value: { id: 'debian', name: word('PRETTY_NAME'), version: word('VERSION_ID') } },
    architecture: { value: 'x86_64' },
    hostname: { value: 'debian' },
    started: {
      value: { version: base.kernel, initramfs: `/boot/${USUAL_INITRAMFS(base.kernel)}`, missing: [] },
      from: '/boot/grub/grub.cfg',
    },
    cloudInit: { value: { installed: true, disabled: false, datasources: null } },
    conflicts: { value: [] },
    crypttab: { value: [] },
    network: { value: [{ interfaces: ['ens3'], macs: [], addressing: 'dhcp' }] },
  });
  expect(boot).toMatchObject({
    bios: { code: 'grub', complete: { value: true } },
    loader: 'grub2',
    chosen: { value: 0 },
  });
  expect(boot.entries[0]).toMatchObject({ title: 'Debian GNU/Linux', root: `UUID=${guestId(DEBIAN, 'root')}` });
  const lines = system && valueOf(system.fstab);
  expect(lines?.map(({ path, found, needed }) => [path, found, needed])).toEqual([
    ['/', 'here', true],
    ['/boot', 'here', true],
  ]);
  await expectDrivers(system && valueOf(system.drivers), base);
}

/** As lsinitramfs lists the initramfs, and depmod the modules. */
async function expectDrivers(
  drivers: { readonly places: Readonly<Record<string, string>> } | null | undefined,
  base: DebianBase,
) {
  const has = async (name: string, module: string) =>
    new RegExp(`/${module.replaceAll('_', '[_-]')}\\.ko`).test(await base.told(name));
  const { lvm, ...places } = drivers?.places ?? {};
  expect(lvm).toBe('initramfs');
  expect(Object.keys(places).length).toBeGreaterThan(10);
  for (const [module, place] of Object.entries(places)) {
    const isBuiltIn = await has('modules.builtin', module);
    const isPacked = await has(USUAL_INITRAMFS(base.kernel), module);
    const isThere = await has('modules.dep', module);
    const told = isBuiltIn ? 'built-in' : isPacked ? 'initramfs' : isThere ? 'module' : 'absent';
    expect([module, place]).toEqual([module, told]);
  }
}
