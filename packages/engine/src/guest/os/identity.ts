import { u16le } from '../../base/endian.ts';
import { assignments, linesOf, textFile } from '../facts.ts';
import type { Filesystem } from '../filesystem/filesystem.ts';
import { hasText } from '../filesystem/signature/content.ts';
import type { Fact, SystemFacts } from '../report.ts';
import { shown } from '../text.ts';

/** Who a Linux system is: distribution, machine, name. */
export async function readDistribution(files: Filesystem): Promise<SystemFacts['distribution']> {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    const text = await textFile(files, path);
    if (text === undefined) continue;
    const words = assignments(text);
    const id = words.get('ID') ?? 'linux';
    const name = words.get('PRETTY_NAME') ?? words.get('NAME') ?? id;
    return {
      value: { id: shown(id, 60), name: shown(name), version: shown(words.get('VERSION_ID') ?? '', 60) },
      from: path,
    };
  }
  return await beforeOsRelease(files);
}

/** CentOS 5 and 6 and their age. */
async function beforeOsRelease(files: Filesystem): Promise<SystemFacts['distribution']> {
  const releases = { '/etc/redhat-release': 'rhel', '/etc/SuSE-release': 'suse', '/etc/debian_version': 'debian' };
  for (const [path, id] of Object.entries(releases)) {
    const [line] = linesOf((await textFile(files, path)) ?? '');
    if (line === undefined) continue;
    const known = /centos/i.test(line) ? 'centos' : id;
    return {
      value: {
        id: known,
        name: shown(id === 'debian' ? `Debian ${line}` : line),
        version: /\d[\d.]*/.exec(line)?.[0] ?? '',
      },
      from: path,
    };
  }
  return { unknown: 'neither os-release nor an older release file was found' };
}

const MACHINES: Readonly<Record<number, string>> = {
  0x03: 'i386',
  0x28: 'arm',
  0x3e: 'x86_64',
  0xb7: 'aarch64',
  0xf3: 'riscv64',
  0x15: 'ppc64',
  0x16: 's390x',
};
const PROGRAMS = ['/usr/bin/sh', '/bin/sh', '/sbin/init', '/usr/lib/systemd/systemd', '/bin/busybox', '/bin/bash'];

/** By the program that every system has. */
export async function readArchitecture(files: Filesystem): Promise<Fact<string>> {
  for (const path of PROGRAMS) {
    const program = await files.open(path);
    if (!program || program.size < 64) continue;
    const head = new Uint8Array(64);
    await program.read(0, head);
    if (!hasText(head, 0, '\x7fELF')) continue;
    const machine = MACHINES[u16le(head, 18)];
    return machine ? { value: machine, from: path } : { unknown: `a program for machine ${u16le(head, 18)}` };
  }
  return { unknown: 'no program was found that would tell' };
}

export async function readHostname(files: Filesystem): Promise<Fact<string>> {
  const [name] = linesOf((await textFile(files, '/etc/hostname')) ?? '');
  if (name !== undefined) return { value: shown(name, 64), from: '/etc/hostname' };
  const old = assignments((await textFile(files, '/etc/sysconfig/network')) ?? '').get('HOSTNAME');
  return old ? { value: shown(old, 64), from: '/etc/sysconfig/network' } : { unknown: 'there is no /etc/hostname' };
}
