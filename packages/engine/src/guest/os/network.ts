import { textFile, textFiles } from '../facts.ts';
import type { Filesystem } from '../filesystem/filesystem.ts';
import type { NetworkFile } from '../report.ts';
import { shown } from '../text.ts';

/** Where the programs that set up a network keep what they know. */
const FOLDERS: readonly (readonly [string, RegExp])[] = [
  ['/etc/netplan', /\.ya?ml$/],
  ['/etc/network/interfaces.d', /./],
  ['/etc/NetworkManager/system-connections', /./],
  ['/etc/sysconfig/network-scripts', /^ifcfg-/],
  ['/etc/sysconfig/network', /^ifcfg-/],
  ['/etc/systemd/network', /\.(network|link)$/],
  ['/etc/udev/rules.d', /net.*\.rules$/],
];
const MAC = /\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b/gi;
/** How each of them names an interface. */
const INTERFACE = [
  /^\s*iface\s+(\S+)/gm,
  /^\s*(?:auto|allow-hotplug)\s+(\S+)/gm,
  /^DEVICE=["']?([\w.-]+)/gm,
  /^interface-name=(\S+)/gm,
  /^Name=(\S+)/gm,
  /\bNAME[:+]?="([\w.-]+)"/g,
  /^\s*set-name:\s*["']?([\w.-]+)/gm,
  /^ {4}(e[nt][\w.-]*):\s*$/gm,
];
const DHCP = /\bdhcp\b|dhcp4:\s*(?:true|yes)|^DHCP=(?:yes|true|ipv4)|BOOTPROTO=["']?dhcp|^method=auto/im;
const STATIC = /\bstatic\b|^\s*addresses:|^Address=|^IPADDR|^method=manual|^address\d*=/im;

/** Files that set up the network, and what in the machine they depend on. */
export async function readNetwork(files: Filesystem): Promise<readonly NetworkFile[]> {
  const texts: { path: string; text: string }[] = [];
  const interfaces = await textFile(files, '/etc/network/interfaces');
  if (interfaces !== undefined) texts.push({ path: '/etc/network/interfaces', text: interfaces });
  for (const [folder, wanted] of FOLDERS) texts.push(...(await textFiles(files, folder, wanted)));
  return texts
    .map(networkFile)
    .filter(({ macs, interfaces: names, addressing }) => macs.length + names.length > 0 || addressing !== 'unknown');
}

function networkFile({ path, text }: { readonly path: string; readonly text: string }): NetworkFile {
  const plain = text.replaceAll(/^\s*#.*$/gm, '');
  const macs = new Set([...plain.matchAll(MAC)].map(([mac]) => mac.toLowerCase().replaceAll('-', ':')));
  const names = new Set(INTERFACE.flatMap((pattern) => [...plain.matchAll(pattern)].map(([, name = '']) => name)));
  names.delete('lo');
  return {
    file: shown(path),
    macs: [...macs].filter((mac) => mac !== '00:00:00:00:00:00').slice(0, 16),
    interfaces: [...names]
      .filter((name) => name !== '' && !/[*?!]/.test(name))
      .slice(0, 16)
      .map((name) => shown(name, 32)),
    addressing: DHCP.test(plain) ? 'dhcp' : STATIC.test(plain) ? 'static' : 'unknown',
  };
}
