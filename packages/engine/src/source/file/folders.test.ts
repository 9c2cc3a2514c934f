import { execFileSync } from 'node:child_process';
import { link, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../../../testing/memory-bytes.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { openSource } from '../open-source.ts';

describe('a file below listed folders', async () => {
  const root = await tempFolder();
  const listed = join(root, 'listed');
  const inside = join(listed, 'disk.img');
  const outside = join(root, 'outside.img');

  beforeEach(async () => {
    await rm(listed, { recursive: true, force: true });
    await mkdir(listed);
    await writeFile(inside, 'inside');
    await writeFile(outside, 'outside');
  });

  const opening = async (path: string, folders = [listed]): Promise<string> => {
    await using source = openSource({ kind: 'file', path }, { folders });
    const identity = await source.identify();
    return Buffer.from(await collect(await source.stream({ expect: identity }))).toString();
  };

  it('is read, by every path that begins in a listed folder', async () => {
    await symlink(inside, join(listed, 'link'));
    await symlink(listed, join(root, 'way')).catch(() => undefined);
    expect(await opening(inside)).toBe('inside');
    expect(await opening(join(listed, 'link'))).toBe('inside');
    expect(await opening(inside, [join(root, 'way')])).toBe('inside');
    expect(await opening(join(root, 'way', 'disk.img'), [join(root, 'way')])).toBe('inside');
    expect(await opening(inside, ['/'])).toBe('inside');
  });

  it('is not reached through links and dots that leave the folder', async () => {
    await symlink(outside, join(listed, 'link'));
    await symlink('..', join(listed, 'up'));
    for (const path of [outside, `${listed}/../outside.img`, join(listed, 'link'), join(listed, 'up', 'outside.img')]) {
      await expect(opening(path)).rejects.toMatchObject({ code: 'source-folder' });
    }
  });

  it('does not lie in a folder whose name only begins alike, nor in one that is not there', async () => {
    await mkdir(join(root, 'listed-too'), { recursive: true });
    await writeFile(join(root, 'listed-too', 'disk.img'), 'x');
    await expect(opening(join(root, 'listed-too', 'disk.img'))).rejects.toMatchObject({ code: 'source-folder' });
    await expect(opening(inside, [join(root, 'none')])).rejects.toMatchObject({ code: 'source-folder' });
    await expect(opening(inside, [])).rejects.toMatchObject({ code: 'source-folder' });
  });

  it('is a regular file: no device, no pipe, no folder, no socket', async () => {
    execFileSync('mkfifo', [join(listed, 'fifo')]);
    await symlink('/dev/zero', join(listed, 'zero'));
    await expect(opening(join(listed, 'fifo'))).rejects.toMatchObject({ code: 'source-folder' });
    await expect(opening(join(listed, 'zero'), ['/'])).rejects.toMatchObject({ code: 'source-folder' });
    await expect(opening(listed, [root])).rejects.toMatchObject({ code: 'source-folder' });
    await expect(opening('/proc/self/fd/0', ['/'])).rejects.toThrow();
  });

  it('is the one that was checked, also when a link is put in its place meanwhile', async () => {
    await using source = openSource({ kind: 'file', path: inside }, { folders: [listed] });
    const identity = await source.identify();
    await rename(inside, join(listed, 'moved'));
    await symlink(outside, inside);
    await expect(source.stream({ expect: identity })).rejects.toMatchObject({ code: 'source-folder' });
    await rm(inside);
    await link(outside, inside);
    await expect(source.stream({ expect: identity })).rejects.toMatchObject({ code: 'source-changed' });
  });

  it('never gives another file while links change all the time', async () => {
    const seen = new Set<string>();
    const reading = (async () => {
      for (let turn = 0; turn < 200; turn++) {
        seen.add(await opening(join(listed, 'flip')).catch((error: { code: string }) => error.code));
      }
    })();
    for (let turn = 0; turn < 400; turn++) {
      await symlink(turn % 2 === 0 ? outside : inside, join(listed, 'next'));
      await rename(join(listed, 'next'), join(listed, 'flip'));
    }
    await reading;
    seen.delete('source-not-found');
    expect([...seen].filter((text) => !['inside', 'source-folder', 'source-changed'].includes(text))).toEqual([]);
    expect(seen).toContain('source-folder');
  });

  it('names the path that was given when it cannot be read', async () => {
    const missing = opening(join(listed, 'none'));
    await expect(missing).rejects.toMatchObject({ code: 'source-not-found', message: expect.stringContaining('none') });
  });

  it('does not tell whether there is a file elsewhere', async () => {
    const failures = [outside, join(root, 'nothing'), '/etc/passwd', '/etc/nothing'].map((path) =>
      opening(path).catch((error: { code: string }) => error.code),
    );
    expect(new Set(await Promise.all(failures))).toEqual(new Set(['source-folder']));
  });
});
