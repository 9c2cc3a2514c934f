import { describe, expect, it } from 'vitest';
import { memoryFiles } from '../../../testing/memory-files.ts';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import type { Volume } from '../volume/volumes.ts';
import { datasourcesOf, readCloudInit } from './cloud-init.ts';
import { findConflicts } from './conflicts.ts';
import { readFstab } from './fstab.ts';
import { readDistribution } from './identity.ts';
import { readNetwork } from './network.ts';

const volume = (place: string, uuid: string, label = 'root'): Volume => ({
  place,
  size: 1,
  partition: null,
  content: { kind: 'ext4', uuid, label, states: [] },
  unread: null,
  layers: [],
  files: undefined,
  bytes: new MemoryBytes(new Uint8Array(0)),
});

describe('readFstab()', () => {
  it('tells what lies here, what is missing, what has only a name, and what a start waits for', async () => {
    const text = `# comment
UUID=AAAA-1 / ext4 defaults 0 1
LABEL=root /mnt/with\\040blank ext4 nofail 0 2
UUID=gone /srv/data xfs defaults 0 2
UUID=gone /srv/other xfs noauto 0 2
/dev/sdb1 /data ext4 defaults 0 2
/dev/disk/by-id/scsi-36000c29-part1 /by-id ext4 defaults 0 2
/dev/mapper/vg-lo--cal /local ext4 defaults 0 2
/dev/vg/missing /missing ext4 defaults 0 2
/swap.img none swap sw 0 0
tmpfs /tmp tmpfs defaults 0 0
server:/export /nfs nfs defaults 0 0
/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto 0 0
`;
    const fact = await readFstab(memoryFiles({ 'etc/fstab': text }), [
      volume('partition 1', 'aaaa-1'),
      volume('vg/lo-cal', 'x', 'y'),
    ]);
    const lines = 'value' in fact ? fact.value : [];
    expect(lines.map(({ path, found, needed }) => [path, found, needed])).toEqual([
      ['/', 'here', true],
      ['/mnt/with blank', 'here', false],
      ['/srv/data', 'missing', true],
      ['/srv/other', 'missing', false],
      ['/data', 'by-name', true],
      ['/by-id', 'by-name', true],
      ['/local', 'here', true],
      ['/missing', 'missing', true],
      ['none', 'virtual', true],
      ['/tmp', 'virtual', true],
      ['/nfs', 'virtual', true],
      ['/media/cdrom0', 'virtual', false],
    ]);
  });
});

async function read(path: string, text: string) {
  const [found] = await readNetwork(memoryFiles({ [path]: text }));
  return found;
}

describe('readNetwork()', () => {
  it('sees to what each way of configuration is bound', async () => {
    expect(
      await read(
        'etc/network/interfaces',
        'auto lo\niface lo inet loopback\nauto ens192\niface ens192 inet static\n address 10.0.0.2\n',
      ),
    ).toEqual({
      file: '/etc/network/interfaces',
      macs: [],
      interfaces: ['ens192'],
      addressing: 'static',
    });
    expect(
      await read(
        'etc/sysconfig/network-scripts/ifcfg-eth0',
        'DEVICE=eth0\nHWADDR="00:50:56:AA:BB:CC"\nBOOTPROTO=dhcp\n',
      ),
    ).toMatchObject({ macs: ['00:50:56:aa:bb:cc'], interfaces: ['eth0'], addressing: 'dhcp' });
    expect(
      await read(
        'etc/netplan/50.yaml',
        'network:\n  ethernets:\n    ens33:\n      dhcp4: true\n      match:\n        macaddress: 00:0c:29:01:02:03\n      set-name: ens33\n',
      ),
    ).toMatchObject({ macs: ['00:0c:29:01:02:03'], interfaces: ['ens33'], addressing: 'dhcp' });
    expect(
      await read(
        'etc/NetworkManager/system-connections/a.nmconnection',
        '[connection]\ninterface-name=enp1s0\n[ethernet]\nmac-address=52:54:00:00:00:01\n[ipv4]\nmethod=manual\naddress1=10.0.0.2/24\n',
      ),
    ).toMatchObject({ macs: ['52:54:00:00:00:01'], interfaces: ['enp1s0'], addressing: 'static' });
    expect(
      await read(
        'etc/udev/rules.d/70-persistent-net.rules',
        '# a comment 00:11:22:33:44:55\nSUBSYSTEM=="net", ATTR{address}=="00:50:56:aa:bb:cc", NAME="eth0"\n',
      ),
    ).toMatchObject({ macs: ['00:50:56:aa:bb:cc'], interfaces: ['eth0'] });
    expect(await read('etc/systemd/network/10.network', '[Match]\nName=en*\n[Network]\nDHCP=yes\n')).toMatchObject({
      macs: [],
      interfaces: [],
      addressing: 'dhcp',
    });
  });
});

describe('cloud-init and other software', () => {
  it('takes the last list of datasources, however it is written', async () => {
    expect(datasourcesOf('datasource_list: [ NoCloud, "ConfigDrive" ]')).toEqual(['NoCloud', 'ConfigDrive']);
    expect(datasourcesOf('a: b\ndatasource_list:\n  - Ec2\n  - None\nc: d')).toEqual(['Ec2', 'None']);
    expect(datasourcesOf('# datasource_list: [ Azure ]')).toBeUndefined();
    const files = {
      'etc/cloud/cloud.cfg': 'datasource_list: [ Ec2 ]',
      'etc/cloud/cloud.cfg.d/90.cfg': 'datasource_list: [ Azure ]',
      'etc/cloud/cloud-init.disabled': '',
    };
    expect(await readCloudInit(memoryFiles(files))).toMatchObject({
      value: { installed: true, disabled: true, datasources: ['Azure'] },
    });
    expect(await readCloudInit(memoryFiles({}))).toMatchObject({ value: { installed: false } });
  });

  it('names software of other places', async () => {
    expect(await findConflicts(memoryFiles({ 'etc/vmware-tools/locations': '', 'usr/sbin/waagent': '' }))).toEqual([
      { name: 'VMware Tools', at: '/etc/vmware-tools/locations' },
      { name: 'Azure agent', at: '/usr/sbin/waagent' },
    ]);
  });

  it('knows systems from before os-release', async () => {
    const centos = await readDistribution(memoryFiles({ 'etc/redhat-release': 'CentOS release 6.10 (Final)\n' }));
    expect(centos).toMatchObject({ value: { id: 'centos', version: '6.10' } });
    expect(await readDistribution(memoryFiles({ 'etc/debian_version': '7.11\n' }))).toMatchObject({
      value: { name: 'Debian 7.11' },
    });
    expect(await readDistribution(memoryFiles({}))).toHaveProperty('unknown');
  });
});
