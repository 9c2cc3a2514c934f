import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { madeByMke2fs } from '../../packages/engine/testing/filesystem-makers.ts';
import { debianFiles, makeDisk, ROOT_UUID } from '../../packages/engine/testing/guest-maker.ts';
import { seededBytes } from '../../packages/engine/testing/seeded.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { startTestServer } from '../../packages/engine/testing/test-server.ts';
import { hasTool, run } from '../../packages/engine/testing/tools.ts';
import { diskferry, type Finished } from '../parts/command.ts';

const MIB = 1024 * 1024;
const ready = ['qemu-img', 'mke2fs', 'sfdisk', 'tar'].every(hasTool);

function reportOf(finished: Finished) {
  expect(finished.stderr).toBe('');
  expect(finished.code).toBe(0);
  return JSON.parse(finished.stdout);
}

describe.skipIf(!ready)('inspect and the system inside [needs qemu-img mke2fs sfdisk tar]', async () => {
  const folder = await tempFolder();
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    const files = debianFiles({ root: '/dev/sda1', more: { 'srv/large': seededBytes(1, 60 * MIB) } });
    const make = madeByMke2fs(['-t', 'ext4', '-U', ROOT_UUID], 128);
    await makeDisk(folder, 'disk', { label: 'dos', grub: true, parts: [{ type: '83', size: 128, make, files }] });
    await run('tar', ['-czf', at('disk.tar.gz'), '-C', folder, 'disk.raw']);
    await truncate(at('disk.raw'), 100 * 1024 * MIB);
    await run('qemu-img', ['convert', '-O', 'qcow2', at('disk.raw'), at('disk.qcow2')]);
  });

  it('names what will not start, with its remedy, and for which target', async () => {
    const { stdout } = await diskferry(['inspect', at('disk.qcow2'), '--target-profile', 'local']);
    expect(stdout).toContain('system        Debian GNU/Linux 12 (bookworm), x86_64, on partition 1\n');
    expect(stdout).toContain(
      'block         root=/dev/sda1 in /boot/grub/grub.cfg; on virtio-blk disks are called vda, vdb … [guest-root-device]\n',
    );
    expect(stdout).toContain('→ Name the root filesystem by UUID');
    expect(stdout).toMatch(/checks +for local: \d+ of \d+ pass/);
  });

  it('takes under 5 s and 64 MiB over HTTP with 50 ms a request, for a qcow2 of 100 GiB', async () => {
    await using server = await startTestServer();
    const url = server.serve('/disk.qcow2', { content: { file: at('disk.qcow2') }, etag: '"1"' });
    server.fault({ kind: 'delay', ms: 50 }, { times: 10_000 });
    const finished = await diskferry(['inspect', url, '--json']);
    const report = reportOf(finished);
    expect(report).toMatchObject({
      virtualSize: 100 * 1024 * MIB,
      targetProfile: 'generic-kvm',
      guest: { system: { family: 'linux' } },
    });
    expect(report.checks.find(({ code }: { code: string }) => code === 'guest-root-device')).toMatchObject({
      verdict: 'block',
    });
    expect(server.sent).toBeLessThan(64 * MIB);
    expect(finished.ms).toBeLessThan(5000);
  });

  it('sees the partition table of a .tar.gz, and says what it did not see', async () => {
    const report = reportOf(await diskferry(['inspect', at('disk.tar.gz'), '--json']));
    expect(report.guest).toMatchObject({
      table: { kind: 'mbr' },
      volumes: [{ place: 'partition 1', content: { kind: 'ext4' } }],
    });
    expect(report.guest.warnings[0]).toContain('the image is packed: only its first');
  });

  it('leaves the disk alone with --no-guest, and knows its targets', async () => {
    expect(reportOf(await diskferry(['inspect', at('disk.qcow2'), '--no-guest', '--json']))).toMatchObject({
      guest: null,
      checks: [],
    });
    const refused = await diskferry(['inspect', at('disk.qcow2'), '--target-profile', 'moon']);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('--target-profile moon is not known: tencent-cvm, local, generic-kvm');
  });
});
