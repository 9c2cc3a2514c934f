import type { Filesystem } from '../filesystem/filesystem.ts';

/** Software that belongs to the place where a system came from, by the files that it leaves. */
const KNOWN: readonly (readonly [string, readonly string[]])[] = [
  [
    'VMware Tools',
    [
      '/etc/vmware-tools/locations',
      '/usr/lib/vmware-tools',
      '/usr/bin/vmware-toolbox-cmd',
      '/Program Files/VMware/VMware Tools',
    ],
  ],
  [
    'VirtualBox Guest Additions',
    ['/usr/sbin/VBoxService', '/usr/bin/VBoxClient', '/Program Files/Oracle/VirtualBox Guest Additions'],
  ],
  ['Xen tools', ['/usr/sbin/xe-daemon', '/usr/sbin/xe-linux-distribution', '/Program Files/Citrix/XenTools']],
  ['Parallels Tools', ['/usr/bin/prltoolsd', '/usr/lib/parallels-tools']],
  ['Azure agent', ['/usr/sbin/waagent', '/WindowsAzure/Packages']],
  [
    'Google Cloud agent',
    ['/usr/bin/google_guest_agent', '/usr/bin/google_metadata_script_runner', '/Program Files/Google/Compute Engine'],
  ],
  ['AWS agent', ['/usr/bin/amazon-ssm-agent', '/snap/amazon-ssm-agent', '/Program Files/Amazon/SSM']],
  [
    'Alibaba Cloud agent',
    ['/usr/local/cloudmonitor', '/usr/local/share/aliyun-assist', '/usr/sbin/aliyun-service', '/usr/local/aegis'],
  ],
  ['Huawei Cloud agent', ['/CloudrResetPwdAgent', '/usr/local/uniagent', '/usr/local/telescope']],
];

export async function findConflicts(
  files: Filesystem,
): Promise<readonly { readonly name: string; readonly at: string }[]> {
  const found: { name: string; at: string }[] = [];
  for (const [name, paths] of KNOWN) {
    for (const path of paths) {
      if (!(await files.lookup(path))) continue;
      found.push({ name, at: path });
      break;
    }
  }
  return found;
}
