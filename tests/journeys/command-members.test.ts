import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { hasTool, run } from '../../packages/engine/testing/tools.ts';
import { diskferry, reportOf, type CopyReport } from '../parts/command.ts';
import { fails } from '../parts/failure.ts';
import { expectSameBytes } from '../parts/same-bytes.ts';
import { sampleDisk } from '../parts/sample-disk.ts';
import { writeAppliance } from '../parts/wrappings.ts';

const SIZE = 73 * 1024 * 1024;
const hasAll = ['qemu-img', 'tar', 'gzip', 'zip'].every(hasTool);

describe.skipIf(!hasAll)('several disks and several files [needs qemu-img, tar, gzip, zip]', async () => {
  const folder = await tempFolder();
  const at = (name: string): string => join(folder, name);

  async function lands(args: readonly string[], oracle: string): Promise<CopyReport> {
    const target = at('landed');
    const report = reportOf(await diskferry(['copy', ...args, target, '--create', '--fresh', '--json']));
    await expectSameBytes(target, oracle);
    return report;
  }

  beforeAll(async () => {
    const stream = ['convert', '-f', 'raw', '-O', 'vmdk', '-o', 'subformat=streamOptimized'];
    for (const [at_, name] of ['system', 'data'].entries()) {
      await writeFile(at(`${name}.raw`), sampleDisk(7 + at_, SIZE));
      await run('qemu-img', [...stream, at(`${name}.raw`), at(`${name}.vmdk`)]);
    }
    await writeAppliance(folder, ['system.vmdk', 'data.vmdk']);
    await writeFile(at('notes.txt'), 'not a disk\n');
    const ova = ['machine.ovf', 'machine.mf', 'system.vmdk', 'data.vmdk'];
    await run('tar', ['--format=ustar', '-cf', 'two.ova', ...ova], folder);
    await run('tar', ['-cf', 'two.tar', 'notes.txt', 'system.raw', 'data.raw'], folder);
    await run('tar', ['-I', 'gzip -1', '-cf', 'two.tar.gz', 'notes.txt', 'system.raw', 'data.raw'], folder);
    await run('zip', ['-q', '-1', 'two.zip', 'notes.txt', 'system.vmdk', 'data.vmdk'], folder);
    await mkdir(at('split'));
    await run('qemu-img', [
      ...stream.slice(0, -1),
      'subformat=twoGbMaxExtentFlat',
      at('data.raw'),
      at('split/disk.vmdk'),
    ]);
  });

  for (const [archive, first, second, extension] of [
    ['two.ova', 'system.vmdk', 'data.vmdk', 'vmdk'],
    ['two.tar', 'system.raw', 'data.raw', 'raw'],
    ['two.zip', 'system.vmdk', 'data.vmdk', 'vmdk'],
  ] as const) {
    it(`${archive}: which disk is asked, both are named, and --member takes the one`, async () => {
      const error = await fails(['copy', at(archive), at('none'), '--create'], 3);
      expect(error).toMatchObject({ code: 'package-several-disks', hint: expect.stringContaining('--member') });
      expect(error.message).toContain(first);
      expect(error.message).toContain(second);
      expect(error.message).not.toContain('notes.txt');
      const report = await lands([at(archive), '--member', `data.${extension}`], at('data.raw'));
      expect(report.layers[0]).toMatchObject({ kind: 'package', member: second });
    });
  }

  it('a tar.gz of two disks is refused when both have been seen, and --member takes either', async () => {
    const error = await fails(['copy', at('two.tar.gz'), at('none'), '--create'], 3);
    expect(error.code).toBe('package-several-disks');
    expect(error.message).toContain('system.raw, data.raw');
    await lands([at('two.tar.gz'), '--member', 'data.raw'], at('data.raw'));
    await lands([at('two.tar.gz'), '--member', 'system.raw'], at('system.raw'));
  });

  it('a member that is not there is 3, with those that are', async () => {
    for (const archive of ['two.tar', 'two.tar.gz', 'two.zip', 'two.ova']) {
      const error = await fails(['inspect', at(archive), '--member', 'swap.raw'], 3);
      expect(error.code, archive).toBe('package-no-member');
      expect(error.message).toContain('data.');
    }
  });

  it('an OVA whose disk is not what its manifest says is never done', async () => {
    await copyFile(at('machine.mf'), at('right.mf'));
    await writeAppliance(folder, ['system.vmdk', 'notes.txt']);
    await run(
      'bash',
      ['-c', 'sed -i "s/(system.vmdk)= ./(system.vmdk)= 0/; s/(notes.txt)/(data.vmdk)/" machine.mf'],
      folder,
    );
    await run(
      'tar',
      ['--format=ustar', '-cf', 'bad.ova', 'machine.ovf', 'machine.mf', 'system.vmdk', 'notes.txt'],
      folder,
    );
    const error = await fails(['copy', at('bad.ova'), at('bad.landed'), '--create', '--member', 'system.vmdk'], 3);
    expect(error.code).toBe('package-digest');
  });

  it('a split VMDK is taken from its directory, or file by file', async () => {
    await lands([at('split')], at('data.raw'));
    const extent = ['--extent', at('split/disk-f001.vmdk')];
    const report = await lands([at('split/disk.vmdk'), ...extent], at('data.raw'));
    expect(report.format).toBe('vmdk');
  });

  it('a descriptor without its extent is refused: no name in it is opened', async () => {
    const error = await fails(['inspect', at('split/disk.vmdk')], 3);
    expect(error.code).toBe('image-extent-missing');
    expect(error.message).toContain('disk-f001.vmdk');
  });

  it('a directory that holds no image, or two, is a question to the person', async () => {
    await mkdir(at('empty'));
    expect((await fails(['inspect', at('empty')], 2)).code).toBe('usage');
    await mkdir(at('twice'));
    for (const name of ['a.vmdk', 'b.vmdk']) await copyFile(at('split/disk.vmdk'), at(`twice/${name}`));
    expect((await fails(['inspect', at('twice')], 2)).message).toContain('several');
  });
});
