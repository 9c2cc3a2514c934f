import type { BootReached } from '@diskferry/protocol';

export interface Sign {
  readonly reached: BootReached;
  /** In one line. */
  readonly pattern: RegExp;
}

/** It came up. */
export const BOOTED: readonly Sign[] = [
  { reached: 'login', pattern: /^(?!last )[\w.-]+ login:/i },
  { reached: 'multi-user', pattern: /reached target (?:multi-user|graphical)/i },
  { reached: 'multi-user', pattern: /Cloud-init v\. \S+ finished at/ },
  { reached: 'multi-user', pattern: /^SAC>/ },
];

/** It never will without somebody: it waits at a prompt, or has stopped. None of these ends by itself. */
export const FAILED: readonly Sign[] = [
  { reached: 'kernel-panic', pattern: /Kernel panic - not syncing/ },
  { reached: 'kernel-panic', pattern: /^panic: / },
  { reached: 'initramfs-shell', pattern: /Dropping to a shell!/ },
  { reached: 'initramfs-shell', pattern: /^\(initramfs\)/ },
  { reached: 'initramfs-shell', pattern: /^dracut:\/#/ },
  { reached: 'initramfs-shell', pattern: /Entering emergency mode\. Exit the shell to continue/ },
  { reached: 'initramfs-shell', pattern: /^mountroot>/ },
  { reached: 'emergency-mode', pattern: /(?:You are in|Welcome to) (?:emergency|rescue) mode/i },
  { reached: 'emergency-mode', pattern: /(?:Give root password|Press Enter) for maintenance/ },
  { reached: 'emergency-mode', pattern: /Cannot open access to console, the root account is locked/ },
  { reached: 'services', pattern: /systemd\[1\]: Freezing execution/ },
  { reached: 'boot-loader-shell', pattern: /^grub(?: rescue)?>/ },
  { reached: 'boot-loader-shell', pattern: /^error: you need to load the kernel first/ },
  { reached: 'boot-loader-shell', pattern: /No DEFAULT or UI configuration directive found/ },
  { reached: 'boot-loader-shell', pattern: /^Could not find kernel image:/ },
  { reached: 'boot-loader-shell', pattern: /(?:BOOTMGR|NTLDR) is missing/ },
  { reached: 'firmware-shell', pattern: /UEFI Interactive Shell|^Shell>/ },
  { reached: 'no-bootable-device', pattern: /No bootable (?:device|option or device)/ },
  { reached: 'no-bootable-device', pattern: /Missing operating system|Operating system not found/i },
  { reached: 'no-bootable-device', pattern: /Error loading operating system|Invalid partition table/i },
  { reached: 'no-bootable-device', pattern: /^GRUB .*(?:Hard Disk|Read|Geom) Error$/ },
  { reached: 'no-bootable-device', pattern: /^(?:Boot error|Non-System disk or disk error)/ },
  { reached: 'no-bootable-device', pattern: /^A disk read error occurred|^Remove disks or other media/ },
  { reached: 'blue-screen', pattern: /INACCESSIBLE[ _]BOOT[ _]DEVICE/ },
];

/** How far it came that has come to no end, the farthest first. */
export const ON_THE_WAY: readonly Sign[] = [
  { reached: 'services', pattern: /systemd\[1\]|INIT: version|^\[ *OK *\] / },
  { reached: 'kernel', pattern: /Linux version \d|^\[ *\d+\.\d{6}\] |Loading, please wait/ },
  { reached: 'boot-loader', pattern: /GRUB|SYSLINUX|ISOLINUX|Windows Boot Manager/ },
  { reached: 'firmware', pattern: /SeaBIOS|BdsDxe|Booting from/ },
];
