import { describe, expect, it } from 'vitest';
import { judgeBoot } from './judge-boot.ts';

const nothing = { serial: '', screen: '', hasBlueScreen: false };
const ESC = '\u001b';

/** What machines have written, the end of it. */
const SAID = {
  mini: "Booting `Diskferry mini guest'\r\nDISKFERRY-BOOT-OK bios root=/dev/vda1\r\n\r\nbios login: ",
  debian: '[  OK  ] Reached target multi-user.target - Multi-User System.\r\n\r\nDebian GNU/Linux 12 web ttyS0\r\n',
  autologin: 'web login: root (automatic login)\r\n',
  panic: `[    1.2] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---\r\n`,
  initramfs: 'ALERT!  /dev/sda1 does not exist.  Dropping to a shell!\r\n\r\n(initramfs) ',
  prompt: '\r\nBusyBox v1.35.0 built-in shell (ash)\r\n(initramfs) ',
  dracut:
    'Entering emergency mode. Exit the shell to continue.\r\nType "journalctl" to view system logs.\r\ndracut:/# ',
  emergency:
    '[ TIME ] Timed out waiting for device dev-sdb1.device\r\nYou are in emergency mode. After logging in, type',
  locked: 'Cannot open access to console, the root account is locked.\r\nSee sulogin(8) man page for more details.\r\n',
  seabios: `${ESC}[2J${ESC}[1;1HSeaBIOS (version 1.16.2)\r\nBooting from Hard Disk...\r\n${ESC}[9;1HNo bootable device.`,
  ovmf: 'BdsDxe: failed to load Boot0001 "UEFI Misc Device": Not Found\r\nBdsDxe: No bootable option or device was found.\r\n',
  shell: `${ESC}[=3hUEFI Interactive Shell v2.2\r\nEDK II\r\nShell> `,
  rescue: 'error: no such device: 2f5e7c1c.\r\nEntering rescue mode...\r\ngrub rescue> ',
  grub: 'Minimal BASH-like line editing is supported.\r\n\r\ngrub> ',
  bootmgr: 'BOOTMGR is missing\r\nPress Ctrl+Alt+Del to restart\r\n',
  readError: 'GRUB Read Error\r\n',
  ntfs: 'A disk read error occurred\r\nPress Ctrl+Alt+Del to restart\r\n',
  noKernel:
    "error: file `/vmlinuz-6.1' not found.\r\nerror: you need to load the kernel first.\r\n\r\nPress any key to continue...",
  syslinux: 'Could not find kernel image: linux\r\nboot: ',
  rescueMode: 'You are in rescue mode. After logging in, type "journalctl -xb" to view\r\n',
  frozen: '[    3.1] systemd[1]: Freezing execution.\r\n',
  sac: 'Computer is booting, SAC started and initialized.\r\nSAC>',
} as const;

describe('judgeBoot()', () => {
  it.each([
    ['mini', 'booted', 'login'],
    ['debian', 'booted', 'multi-user'],
    ['autologin', 'booted', 'login'],
    ['sac', 'booted', 'multi-user'],
    ['panic', 'failed', 'kernel-panic'],
    ['initramfs', 'failed', 'initramfs-shell'],
    ['prompt', 'failed', 'initramfs-shell'],
    ['dracut', 'failed', 'initramfs-shell'],
    ['emergency', 'failed', 'emergency-mode'],
    ['locked', 'failed', 'emergency-mode'],
    ['seabios', 'failed', 'no-bootable-device'],
    ['ovmf', 'failed', 'no-bootable-device'],
    ['shell', 'failed', 'firmware-shell'],
    ['rescue', 'failed', 'boot-loader-shell'],
    ['grub', 'failed', 'boot-loader-shell'],
    ['bootmgr', 'failed', 'boot-loader-shell'],
    ['readError', 'failed', 'no-bootable-device'],
    ['ntfs', 'failed', 'no-bootable-device'],
    ['noKernel', 'failed', 'boot-loader-shell'],
    ['syslinux', 'failed', 'boot-loader-shell'],
    ['rescueMode', 'failed', 'emergency-mode'],
    ['frozen', 'failed', 'services'],
  ] as const)('%s: %s, %s', (name, verdict, reached) => {
    expect(judgeBoot({ ...nothing, serial: SAID[name] })).toMatchObject({ verdict, reached });
    expect(judgeBoot({ ...nothing, screen: SAID[name] })).toMatchObject({ verdict, reached });
  });

  it.each([
    ['', 'nothing'],
    ['SeaBIOS (version 1.16.2)\r\nBooting from Hard Disk...', 'firmware'],
    ['Welcome to GRUB!\r\n', 'boot-loader'],
    ['Welcome to GRUB!\r\n[    0.000000] Linux version 6.1.0-30-cloud-amd64\r\n', 'kernel'],
    [
      '[  OK  ] Started systemd-journald.service\r\nA start job is running for dev-sdb1.device (45s / 1min 30s)',
      'services',
    ],
    ['Last login: Mon Nov 23 10:00:00 on ttyS0\r\n', 'firmware'],
    ['the emergency mode of the heating is described in login: manuals', 'firmware'],
  ])('does not know what becomes of %j: %s', (serial, reached) => {
    expect(judgeBoot({ ...nothing, serial })).toMatchObject({ verdict: 'unknown', reached });
  });

  it('goes by what came first: a shell that fails may start something, and what is up may fail', () => {
    expect(judgeBoot({ ...nothing, serial: SAID.emergency + SAID.mini }).verdict).toBe('failed');
    expect(judgeBoot({ ...nothing, serial: SAID.mini + SAID.panic }).verdict).toBe('booted');
  });

  it('believes the screen where the serial console is silent, and its colour', () => {
    const { verdict, evidence } = judgeBoot({ ...nothing, screen: SAID.mini });
    expect([verdict, evidence.at(-1)]).toEqual(['booted', 'bios login:']);
    expect(judgeBoot({ ...nothing, hasBlueScreen: true })).toMatchObject({ verdict: 'failed', reached: 'blue-screen' });
    expect(judgeBoot({ ...nothing, serial: SAID.mini, hasBlueScreen: true }).verdict).toBe('booted');
    expect(judgeBoot(nothing).evidence).toEqual(['nothing on the serial console']);
  });

  it('gives evidence that ends with the sign, few lines, short and printable', () => {
    const noise = Array.from({ length: 5000 }, (_, line) => `${line} ${ESC}[31m\u0007${'x'.repeat(2000)}\u0000`);
    const { evidence } = judgeBoot({ ...nothing, serial: [...noise, SAID.initramfs, 'later'].join('\r\n') });
    expect(evidence.at(-1)).toBe('ALERT!  /dev/sda1 does not exist.  Dropping to a shell!');
    expect(evidence.length).toBeLessThanOrEqual(16);
    for (const line of evidence) expect(line).toMatch(/^[\x20-\x7e]{1,204}$/);
  });
});
