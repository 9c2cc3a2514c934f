import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startNbdkit } from '../../testing/nbdkit.ts';
import { tempFolder } from '../../testing/temp.ts';
import { hasTool, run } from '../../testing/tools.ts';
import { MiB } from '../base/align.ts';
import { parseTargetLocator } from './locator.ts';
import { openTarget } from './open-target.ts';

const folder = await tempFolder();

describe('parseTargetLocator()', () => {
  it('takes paths, file addresses, NBD addresses and null:', () => {
    expect(parseTargetLocator('disk.raw')).toEqual({ kind: 'path', path: 'disk.raw' });
    expect(parseTargetLocator('./s3:disk')).toEqual({ kind: 'path', path: './s3:disk' });
    expect(parseTargetLocator('file:///tmp/a%20b')).toEqual({ kind: 'path', path: '/tmp/a b' });
    expect(parseTargetLocator('file:a')).toEqual({ kind: 'path', path: 'a' });
    expect(parseTargetLocator('null:')).toEqual({ kind: 'null' });
    expect(parseTargetLocator('nbd://h/')).toMatchObject({ kind: 'nbd', address: { host: 'h' } });
  });

  it.each([
    ['', 'usage'],
    ['a\0b', 'usage'],
    ['file://host/x', 'usage'],
    ['nbd:', 'usage'],
    ['s3://bucket/key', 'target-unsupported'],
    ['https://example.org/', 'target-unsupported'],
    ['nbds://h/', 'target-unsupported'],
  ])('refuses %j', (text, code) => {
    expect(() => parseTargetLocator(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe('openTarget()', () => {
  it('makes a file only when it is told to', async () => {
    const path = join(folder, 'new');
    await expect(openTarget(path)).rejects.toMatchObject({ code: 'target-not-found' });
    await using target = await openTarget(path, { create: MiB });
    expect(target).toMatchObject({ kind: 'file', size: MiB });
  });

  it('makes no file where devices live', async () => {
    const missing = openTarget('/dev/diskferry-no-such-disk', { create: MiB });
    await expect(missing).rejects.toMatchObject({ code: 'target-not-found', message: /no such device/ });
  });

  it('counts for null:, when it is given a size', async () => {
    await using target = await openTarget('null:', { create: 77 });
    expect(target).toMatchObject({ kind: 'null', size: 77 });
    await expect(openTarget('null:')).rejects.toMatchObject({ code: 'usage' });
  });

  it('refuses a directory, a character device, a socket and a path through a file', async () => {
    const code = 'target-unsupported';
    await mkdir(join(folder, 'directory'));
    await expect(openTarget(join(folder, 'directory'))).rejects.toMatchObject({ code, message: /a directory/ });
    await expect(openTarget('/dev/null')).rejects.toMatchObject({ code, message: /a character device/ });
    const server = createServer().listen(join(folder, 'socket'));
    await once(server, 'listening');
    await expect(openTarget(join(folder, 'socket'))).rejects.toMatchObject({ code, message: /a socket/ });
    server.close();
    await writeFile(join(folder, 'plain'), '');
    await expect(openTarget(join(folder, 'plain', 'x'))).rejects.toMatchObject({ code: 'target-not-found' });
  });

  it.skipIf(!hasTool('mkfifo'))('refuses a fifo [needs mkfifo]', async () => {
    await run('mkfifo', [join(folder, 'fifo')]);
    const opening = openTarget(join(folder, 'fifo'));
    await expect(opening).rejects.toMatchObject({ code: 'target-unsupported', message: /a fifo/ });
  });

  it.skipIf(!hasTool('nbdkit'))('opens an NBD export [needs nbdkit]', async () => {
    await using server = await startNbdkit({ plugin: ['memory', '1M'] });
    await using target = await openTarget(server.address, { connections: 2 });
    expect(target).toMatchObject({ kind: 'nbd', size: MiB, traits: { writers: 8 } });
  });
});
