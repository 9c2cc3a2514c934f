import { valueOf, type SystemFacts } from '../report.ts';
import { chosenEntry } from './boot-checks.ts';
import { pass, SOURCES, unknown, warn, type GuestCheck, type Judgement } from './check.ts';

function unreadNetwork({ network }: SystemFacts): Judgement {
  return unknown('unknown' in network ? network.unknown : 'it was not read');
}

/** Whether the system comes onto the network of its new place by itself. */
export const NETWORK_CHECKS: readonly GuestCheck[] = [
  {
    code: 'guest-network-mac',
    looksAt: 'whether the network is bound to the MAC address of the old interface',
    remedy: 'Remove the addresses (HWADDR, macaddress, mac-address) and the udev rules that hold them.',
    source: SOURCES.users,
    traits: ['nic'],
    systemOnly: true,
    judge({ system }) {
      if (system?.family !== 'linux') return undefined;
      const files = valueOf(system.network);
      if (!files) return unreadNetwork(system);
      const bound = files.filter(({ macs }) => macs.length > 0);
      if (bound.length === 0) return pass('no MAC address in the network configuration');
      return warn(
        bound
          .map(({ file, macs }) => `${macs.join(', ')} in ${file}`)
          .slice(0, 5)
          .join('; '),
      );
    },
  },
  {
    code: 'guest-network-interface',
    looksAt: 'whether the network is set up for an interface that the target does not have',
    remedy: 'Set it up for eth0 with net.ifnames=0, or match any interface (e*), or leave it to cloud-init.',
    source: SOURCES.users,
    traits: ['nic', 'interfaceName'],
    systemOnly: true,
    judge(report, { interfaceName }) {
      const { system } = report;
      if (system?.family !== 'linux') return undefined;
      const files = valueOf(system.network);
      if (!files) return unreadNetwork(system);
      const named = files.filter(({ interfaces }) => interfaces.length > 0);
      if (named.length === 0) return pass('no interface is named in the network configuration');
      const evidence = named
        .map(({ file, interfaces }) => `${interfaces.join(', ')} in ${file}`)
        .slice(0, 5)
        .join('; ');
      if (interfaceName === undefined) {
        const isEth0 = named.every(({ interfaces }) => interfaces.every((name) => name === 'eth0'));
        if (!isEth0) return warn(`${evidence}: named by the slot of the old machine`);
        const entry = chosenEntry(report);
        if (typeof entry !== 'string' && /\bnet\.ifnames=0\b/.test(entry.arguments))
          return pass(`${evidence}, with net.ifnames=0`);
        return unknown(`${evidence}: what the interface is called depends on net.ifnames and the slot`);
      }
      return named.some(({ interfaces }) => interfaces.includes(interfaceName))
        ? pass(evidence)
        : warn(`${evidence}; the target has ${interfaceName}`);
    },
  },
  {
    code: 'guest-network-static',
    looksAt: 'whether the system has a fixed address',
    remedy: 'Use DHCP, or set the address that the target gives after the first start.',
    source: SOURCES.users,
    traits: ['nic'],
    systemOnly: true,
    judge({ system }) {
      if (system?.family !== 'linux') return undefined;
      const files = valueOf(system.network);
      if (!files) return unreadNetwork(system);
      if (files.length === 0) return undefined;
      const fixed = files.filter(({ addressing }) => addressing === 'static');
      return fixed.length === 0
        ? pass('no fixed address')
        : warn(`a fixed address in ${fixed.map(({ file }) => file).join(', ')}`);
    },
  },
  {
    code: 'guest-cloud-init',
    looksAt: 'whether cloud-init (cloudbase-init on Windows) is installed and not switched off',
    remedy: 'Install cloud-init (and cloud-utils-growpart) before exporting; remove /etc/cloud/cloud-init.disabled.',
    source: SOURCES.cloudInit,
    traits: ['needsCloudInit'],
    systemOnly: true,
    judge({ system }, { needsCloudInit }) {
      if (!system) return undefined;
      const name = system.family === 'windows' ? 'cloudbase-init' : 'cloud-init';
      const found = valueOf(system.cloudInit);
      if (!found) return unknown('unknown' in system.cloudInit ? system.cloudInit.unknown : '');
      if (found.installed && !found.disabled) return pass(`${name} is installed`);
      const evidence = found.installed
        ? `${name} is switched off (/etc/cloud/cloud-init.disabled)`
        : `${name} is not installed`;
      return needsCloudInit
        ? warn(`${evidence}: host name, password and network are not set by the target`)
        : pass(`${evidence}, and the target does without`);
    },
  },
  {
    code: 'guest-cloud-init-datasource',
    looksAt: 'whether cloud-init looks where the target keeps its data',
    remedy: 'Add the data source of the target to datasource_list in /etc/cloud/cloud.cfg.d.',
    source: SOURCES.cloudInit,
    traits: ['datasources'],
    systemOnly: true,
    judge({ system }, { datasources }) {
      const found = system ? valueOf(system.cloudInit) : undefined;
      if (!found?.installed || !datasources) return undefined;
      if (!found.datasources) return pass('cloud-init tries every data source that it knows');
      const evidence = `datasource_list: ${found.datasources.join(', ')}; the target has ${datasources.join(', ')}`;
      return found.datasources.some((name) => datasources.includes(name)) ? pass(evidence) : warn(evidence);
    },
  },
  {
    code: 'guest-cloud-init-elsewhere',
    looksAt: 'whether cloud-init asks only another cloud, and waits for it at every start',
    remedy: 'Take the data sources of other clouds out of datasource_list.',
    source: SOURCES.users,
    traits: ['datasources'],
    systemOnly: true,
    judge({ system }, { datasources }) {
      const found = system ? valueOf(system.cloudInit) : undefined;
      if (!found?.installed || !found.datasources) return undefined;
      const slow = found.datasources.filter((name) => SLOW.has(name) && !datasources?.includes(name));
      return slow.length === 0
        ? pass('no data source that is waited for')
        : warn(`${slow.join(', ')} may be waited for`);
    },
  },
];

/** Data sources that ask over the network. */
const SLOW = new Set([
  'Ec2',
  'Azure',
  'GCE',
  'CloudStack',
  'AliYun',
  'DigitalOcean',
  'Hetzner',
  'Oracle',
  'Scaleway',
  'Vultr',
]);
