import { expect, it } from 'vitest';
import { memoryFiles } from '../../../testing/memory-files.ts';
import type { BootFacts } from '../report.ts';
import { findKernels } from './kernels.ts';
import { findStarted } from './started.ts';

const files = memoryFiles({
  'boot/vmlinuz-6.1.0-9': 'k',
  'boot/vmlinuz-6.1.0-10': 'k',
  'boot/vmlinuz-0-rescue-abc': 'k',
  'boot/initramfs-6.1.0-10.img': 'i',
  'boot/initrd.img-6.1.0-9': 'i',
  'boot/ucode.img': 'u',
  vmlinuz: { link: 'boot/vmlinuz-6.1.0-9' },
  'initrd.img': { link: 'boot/initrd.img-6.1.0-9' },
});

function booting(kernel: string, initrds: string[]): BootFacts {
  const entry = { title: 'x', kernel, initrds, arguments: '', root: null };
  const nothing = {
    bios: { code: null, complete: { unknown: '' } },
    uefi: { unknown: '' },
    loader: 'grub2',
  };
  return { ...nothing, config: '/grub.cfg', entries: [entry], chosen: { value: 0, from: '/grub.cfg' } };
}

const started = async (boot: BootFacts) => await findStarted(files, await findKernels(files), boot);

it('findKernels() gives them oldest first, with their initramfs and without the rescue', async () => {
  expect(await findKernels(files)).toEqual([
    { version: '6.1.0-9', image: '/boot/vmlinuz-6.1.0-9', initramfs: '/boot/initrd.img-6.1.0-9' },
    { version: '6.1.0-10', image: '/boot/vmlinuz-6.1.0-10', initramfs: '/boot/initramfs-6.1.0-10.img' },
  ]);
});

it('findStarted() goes by the boot loader: through links, past microcode, from a /boot of its own', async () => {
  expect(await started(booting('/vmlinuz', ['/initrd.img']))).toMatchObject({
    value: { version: '6.1.0-9', initramfs: '/boot/initrd.img-6.1.0-9', missing: [] },
  });
  expect(await started(booting('/vmlinuz-6.1.0-10', ['/initramfs-6.1.0-10.img', '/ucode.img']))).toMatchObject({
    value: { version: '6.1.0-10', initramfs: '/boot/initramfs-6.1.0-10.img', missing: [] },
  });
});

it('findStarted() names what is not there, and does not guess between kernels', async () => {
  expect(await started(booting('/vmlinuz-5.0', ['/initrd-5.0']))).toMatchObject({
    value: { missing: ['/vmlinuz-5.0', '/initrd-5.0'] },
  });
  expect(await started({ ...booting('/x', []), chosen: { unknown: 'no default' } })).toEqual({ unknown: 'no default' });
});
