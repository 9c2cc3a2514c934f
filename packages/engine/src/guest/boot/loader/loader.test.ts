import { describe, expect, it } from 'vitest';
import { grubConfig } from '../../../../testing/guest-maker.ts';
import { memoryFiles } from '../../../../testing/memory-files.ts';
import { readGrub2 } from './grub2.ts';
import { readGrubLegacy, readSyslinux, readSystemdBoot } from './others.ts';

const specified = (version: string) =>
  `title CentOS (${version})\nlinux /vmlinuz-${version}\ninitrd /initramfs-${version}.img $tuned_initrd\noptions $kernelopts\n`;

describe('readGrub2()', () => {
  it('reads what grub-mkconfig writes, with its submenu', async () => {
    const config = await readGrub2(
      memoryFiles({ 'boot/grub/grub.cfg': grubConfig('/boot', 'root=UUID=1-2 ro quiet') }),
    );
    expect(config).toMatchObject({ loader: 'grub2', path: '/boot/grub/grub.cfg', chosen: 0 });
    expect(config?.entries).toMatchObject([
      {
        title: 'Debian GNU/Linux',
        kernel: '/boot/vmlinuz-6.1.0-9-amd64',
        root: 'UUID=1-2',
        arguments: 'root=UUID=1-2 ro quiet',
      },
      {
        title: 'Debian GNU/Linux, with Linux 6.1.0-9-amd64 (recovery mode)',
        arguments: 'root=UUID=1-2 ro single quiet',
      },
    ]);
  });

  it('follows the saved entry, by number, by id, and into a submenu', async () => {
    const text = grubConfig('', 'root=/dev/sda1 ro').replace('set default="0"', 'set default="${saved_entry}"');
    const chosen = async (saved: string) =>
      (
        await readGrub2(
          memoryFiles({
            'boot/grub/grub.cfg': text,
            'boot/grub/grubenv': `# GRUB Environment Block\nsaved_entry=${saved}\n####`,
          }),
        )
      )?.chosen;
    expect(await chosen('gnulinux-simple')).toBe(0);
    expect(await chosen('gnulinux-advanced>gnulinux-recovery')).toBe(1);
    expect(await chosen('1')).toContain('is not in the configuration');
    expect(await chosen('gone')).toBe('the default entry "gone" is not in the configuration');
  });

  it('takes the entries of the Boot Loader Specification where it includes them, newest first', async () => {
    const config = await readGrub2(
      memoryFiles({
        'boot/grub2/grub.cfg': 'insmod blscfg\nblscfg\nset default="${saved_entry}"\n',
        'boot/grub2/grubenv': 'saved_entry=m-4.18.0-9\nkernelopts=root=/dev/mapper/cl-root ro crashkernel=auto\n',
        'boot/loader/entries/m-4.18.0-9.conf': specified('4.18.0-9'),
        'boot/loader/entries/m-4.18.0-10.conf': specified('4.18.0-10'),
      }),
    );
    expect(config?.chosen).toBe(1);
    expect(config?.entries).toMatchObject([
      { kernel: '/vmlinuz-4.18.0-10' },
      { root: '/dev/mapper/cl-root', initrds: ['/initramfs-4.18.0-9.img'] },
    ]);
  });

  it('finds the configuration on the ESP, past a file that only leads there', async () => {
    const config = await readGrub2(
      memoryFiles({
        'boot/grub2/grub.cfg': 'configfile /EFI/redhat/grub.cfg\n',
        'boot/efi/EFI/BOOT/BOOTX64.EFI': 'MZ',
        'boot/efi/EFI/redhat/grub.cfg': grubConfig('/boot', 'root=UUID=1 ro'),
      }),
    );
    expect(config).toMatchObject({ path: '/boot/efi/EFI/redhat/grub.cfg', chosen: 0 });
  });

  it('finds no entries in a file that only leads to another', async () => {
    const config = await readGrub2(memoryFiles({ 'boot/grub/grub.cfg': 'configfile $prefix/grub.cfg\n' }));
    expect(config).toMatchObject({ entries: [], chosen: 'the configuration has no entry that starts Linux' });
    expect(await readGrub2(memoryFiles({}))).toBeUndefined();
  });
});

describe('other boot loaders', () => {
  it('GRUB 0.97 of CentOS 6', async () => {
    const text =
      'default=1\ntimeout=5\ntitle CentOS (new)\n\troot (hd0,0)\n\tkernel /vmlinuz-2 ro root=/dev/sda2\n\tinitrd /initramfs-2.img\ntitle CentOS (old)\n\troot (hd0,0)\n\tkernel (hd0,0)/vmlinuz-1 ro root=LABEL=root\n\tinitrd /initramfs-1.img\n';
    const config = await readGrubLegacy(memoryFiles({ 'boot/grub/grub.conf': text }));
    expect(config).toMatchObject({
      loader: 'grub',
      chosen: 1,
      entries: [{ root: '/dev/sda2' }, { kernel: '/vmlinuz-1', root: 'LABEL=root', initrds: ['/initramfs-1.img'] }],
    });
  });

  it('SYSLINUX', async () => {
    const text =
      'DEFAULT alpine\nLABEL other\n  LINUX vmlinuz-old\nLABEL alpine\n  MENU LABEL Alpine\n  LINUX vmlinuz-lts\n  INITRD initramfs-lts\n  APPEND root=UUID=5 modules=ext4\n';
    const config = await readSyslinux(memoryFiles({ 'boot/extlinux.conf': text }));
    expect(config).toMatchObject({ path: '/boot/extlinux.conf', chosen: 1 });
    expect(config?.entries[1]).toMatchObject({
      title: 'Alpine',
      kernel: 'vmlinuz-lts',
      root: 'UUID=5',
      initrds: ['initramfs-lts'],
    });
  });

  it('systemd-boot', async () => {
    const config = await readSystemdBoot(
      memoryFiles({
        'loader/loader.conf': 'timeout 3\ndefault arch-*\n',
        'loader/entries/arch-1.conf':
          'title Arch\nlinux /vmlinuz-linux\ninitrd /ucode.img\ninitrd /initramfs-linux.img\noptions root=PARTUUID=7 rw\n',
        'loader/entries/zz.conf': 'title Other\nlinux /other\n',
      }),
    );
    expect(config).toMatchObject({ loader: 'systemd-boot', chosen: 1 });
    expect(config?.entries[1]).toMatchObject({
      title: 'Arch',
      root: 'PARTUUID=7',
      initrds: ['/ucode.img', '/initramfs-linux.img'],
    });
  });
});
