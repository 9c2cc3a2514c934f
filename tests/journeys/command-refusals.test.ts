import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { hasTool, run } from '../../packages/engine/testing/tools.ts';
import { begin, diskferry, reportOf } from '../parts/command.ts';
import { fails } from '../parts/failure.ts';
import { expectSameBytes } from '../parts/same-bytes.ts';
import { sampleDisk } from '../parts/sample-disk.ts';

const MiB = 1024 * 1024;
const SIZE = 24 * MiB;

describe('the command says no with an exit code and one JSON object', async () => {
  const folder = await tempFolder();
  const at = (name: string): string => join(folder, name);
  const raw = at('disk.raw');

  beforeAll(async () => {
    await writeFile(raw, sampleDisk(3, SIZE));
    await writeFile(at('other.raw'), sampleDisk(4, SIZE));
  });

  for (const args of [
    ['copy', 'a.raw'],
    ['copy', 'a.raw', 'b.raw', 'c.raw'],
    ['copy', 'a.raw', 'b.raw', '--verfy', 'none'],
    ['copy', 'a.raw', 'b.raw', '--verify', 'sometimes'],
    ['copy', 'a.raw', 'b.raw', '--format', 'qcow3'],
    ['copy', 'a.raw', 'b.raw', '--bandwidth', 'fast'],
    ['copy', 'a.raw', 'b.raw', '--connections', '0'],
    ['copy', 'a.raw', 'b.raw', '--checksum', 'sha256:abc'],
    ['copy', 'a.raw', 'b.raw', '--checksum', 'adler:12345678'],
    ['copy', 'a.raw', 'b.raw', '--header', 'no colon'],
    ['copy', 's3://bucket/a.raw', 'b.raw', '--access-key', 'AKID'],
    ['copy', 'ftp://example.invalid/a', 'b.raw'],
    ['inspect'],
    ['teleport', 'a.raw'],
    [],
  ]) {
    it(`2 for "diskferry ${args.join(' ')}"`, async () => {
      expect(await fails(args, 2, { cwd: folder })).toMatchObject({ code: 'usage', retry: 'never' });
    });
  }

  it('1 for a source that is not there', async () => {
    const error = await fails(['copy', at('nothing'), at('t0'), '--create'], 1);
    expect(error).toMatchObject({ code: 'source-not-found', retry: 'later' });
    expect(error.message).toContain(at('nothing'));
  });

  it('4 for a target that is not there, and names --create', async () => {
    const error = await fails(['copy', raw, at('missing')], 4);
    expect(error.code).toBe('target-not-found');
    expect(error.hint).toContain('--create');
  });

  it('4 for a target that is too small, with both sizes', async () => {
    await writeFile(at('small'), '');
    await truncate(at('small'), 20 * MiB);
    const error = await fails(['copy', raw, at('small')], 4);
    expect(error.code).toBe('target-too-small');
    expect(error.message).toContain(String(SIZE));
    expect(error.message).toContain(String(20 * MiB));
  });

  it('4 for a target that holds data, says what, and --fresh goes on', async () => {
    await writeFile(at('used'), sampleDisk(5, SIZE));
    const error = await fails(['copy', raw, at('used')], 4);
    expect(error).toMatchObject({ code: 'target-occupied', hint: expect.stringContaining('--fresh') });
    expect(error.message).toContain('MBR');
    await writeFile(at('used.copy'), sampleDisk(5, SIZE));
    await expectSameBytes(at('used'), at('used.copy'));
    reportOf(await diskferry(['copy', raw, at('used'), '--fresh', '--json']));
    await expectSameBytes(at('used'), raw);
  });

  it('4 for the checkpoint of another copy, and --fresh goes on', async () => {
    await expectStopped(['copy', raw, at('shared'), '--create', '--json', '--bandwidth', '1M']);
    const error = await fails(['copy', at('other.raw'), at('shared')], 4);
    expect(error).toMatchObject({ code: 'checkpoint-foreign', hint: expect.stringContaining('--fresh') });
    reportOf(await diskferry(['copy', at('other.raw'), at('shared'), '--fresh', '--json']));
    await expectSameBytes(at('shared'), at('other.raw'));
  });

  it('3 for a text, an unknown package and a damaged image, with the place where it is known', async () => {
    await writeFile(at('page.html'), '<!DOCTYPE html><html><body>Not found</body></html>\n'.repeat(100));
    expect((await fails(['copy', at('page.html'), at('t1'), '--create'], 3)).code).toBe('image-not-recognised');
    await writeFile(at('disk.7z'), Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), Buffer.alloc(4096, 7)]));
    expect((await fails(['inspect', at('disk.7z')], 3)).code).toBe('package-unsupported');
    await writeFile(at('bad.qcow2'), Buffer.concat([Buffer.from('514649fb00000009', 'hex'), Buffer.alloc(4096)]));
    expect(await fails(['inspect', at('bad.qcow2')], 3)).toMatchObject({ code: 'image-unsupported', offset: 4 });
  });

  it('3 for a format that was declared and is not there', async () => {
    const error = await fails(['copy', raw, at('t2'), '--create', '--format', 'vmdk'], 3);
    expect(error.code).toBe('image-format-mismatch');
    expect(error.message).toContain('vmdk');
  });

  it.skipIf(!hasTool('qemu-img'))(
    '3 for an image with a backing file, which stays closed [needs qemu-img]',
    async () => {
      const made = ['create', '-q', '-f', 'qcow2', '-b', raw, '-F', 'raw', at('delta.qcow2')];
      await run('qemu-img', made);
      expect((await fails(['copy', at('delta.qcow2'), at('t3'), '--create'], 3)).code).toBe('image-backing-file');
    },
  );

  it('and for a person in words, with the code to look up', async () => {
    const finished = await diskferry(['copy', at('nothing'), at('t4'), '--create']);
    expect(finished).toMatchObject({ code: 1, stdout: '' });
    expect(finished.stderr).toMatch(/^diskferry: .*nothing.*\n {2}\S.*\n {2}\[source-not-found\]\n$/);
  });
});

/** Leaves a checkpoint behind. */
async function expectStopped(args: readonly string[]): Promise<void> {
  const running = begin(args);
  setTimeout(() => running.kill('SIGINT'), 1500);
  expect((await running.finished).code).toBe(130);
}
