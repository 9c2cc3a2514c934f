import { EXPECTED_DEBIANS } from '../../packages/server/testing/guests/debian/expected-debians.ts';
import type { Expectation, Expected } from '../../packages/server/testing/guests/expected.ts';
import { EXPECTED_MINIS } from '../../packages/server/testing/guests/expected-minis.ts';

const HEAD = `## How sure are these predictions

Tests make the guests of this table, look at their disks with these checks, and then start them with QEMU: on virtio, as a boot
proof does, and on IDE, as where they came from. What is written here is what the tests hold them to: a check that says more or
less, or a guest of which something else becomes, fails them. The checks are asked as of a target with a network card. \`npm test\`
looks at the disks of the small guests and starts those that decide; \`.ci/run\` (\`DISKFERRY_THOROUGH=1\`) also makes a Debian, and
starts on IDE; a long run (\`DISKFERRY_LONG=1\`) starts all.
`;

const TAIL = `What the table does not show:

- **A block is right for every guest above, and a pass too**, but for one: whether a second disk comes along as \`/dev/sdb\`
  cannot be seen on the first one. Where the names fit the bus it is a warning, and the system stops in emergency mode if that
  disk is missing.
- **A block is a prediction.** A system that is like none of these (an initramfs or a first process of its own) may start in
  spite of it, so each block can be accepted by its code.
- **Nothing here was tried on real Windows**, on RHEL, SUSE or Ubuntu; their formats are read from images that tests make.

### What a boot proof can say, and what not

A boot proof starts a throw-away copy of the disks after they have landed, with the instance's own firmware, bus and memory.

- It shows that firmware, boot loader, kernel, initramfs, root and fstab work together: up to a login, or to where it ended.
- **It says nothing about the network.** The copy has no network card: one that comes up twice must not be heard. A guest whose
  network is bound to the MAC address of its old card comes up in the proof, as in the table, and cannot be reached at the
  target. Only the checks \`guest-network-mac\`, \`guest-network-interface\` and \`guest-network-static\` speak of that. With a
  card of another address the guest of the table was started as well: its interface is missing, with the old address it is there.
- It does not show that services work, that data is right, or that a key in a TPM or a disk elsewhere is missing later.
- **\`unknown\` is no failure**: a system that writes to no serial console and shows a picture instead of text, such as Windows or
  Linux on the framebuffer of UEFI, may be up without a sign of it. It is watched for \`proofSeconds\`, or until nothing has moved
  in it for a third of that; the picture of its screen is kept for a person to look at.
`;

/** The table that the tests of guests hold to, in Markdown. */
export function predictions(): string {
  const rows = [...EXPECTED_DEBIANS, ...EXPECTED_MINIS].map(row);
  const head =
    '| guest | checks, on virtio | started on virtio | checks, on IDE | started on IDE |\n|---|---|---|---|---|';
  return [HEAD, [head, ...rows].join('\n'), '', TAIL].join('\n');
}

function row({ what, virtio, ide }: Expected): string {
  return `| ${[what, ...shown(virtio), ...shown(ide)].join(' | ')} |`;
}

function shown({ says, outcome: [verdict, reached] }: Expectation): [string, string] {
  const codes = says.map((line) => line.replace(/^(\w+) (.*)$/, '$1 `$2`'));
  return [codes.length === 0 ? 'pass' : codes.join(', '), `${verdict}: ${reached}`];
}
