import { readFile, truncate, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Nbdkit, type NbdkitSetup, startNbdkit, startQemuNbd } from '../../../testing/nbdkit.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { type TargetUnderTest, targetConformance } from '../../../testing/target-conformance.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool } from '../../../testing/tools.ts';
import { GiB, MiB } from '../../base/align.ts';
import { parseNbdAddress } from './nbd-address.ts';
import type { NbdTarget } from './nbd-target.ts';
import { type NbdOptions, openNbdTarget } from './open-nbd-target.ts';

const folder = await tempFolder();

function open(server: Nbdkit, options?: NbdOptions): Promise<NbdTarget> {
  return openNbdTarget(parseNbdAddress(server.address), options);
}

/** nbdkit on a file, so that the content can be looked at without any NBD client. */
async function overFile(size: number, setup: Omit<NbdkitSetup, 'plugin'>): Promise<TargetUnderTest> {
  const path = join(folder, randomUUID());
  await writeFile(path, '');
  await truncate(path, size);
  const server = await startNbdkit({ ...setup, plugin: ['file', path] });
  return {
    target: await open(server),
    content: () => readFile(path),
    dispose: async () => server[Symbol.asyncDispose](),
  };
}

describe.skipIf(!hasTool('nbdkit'))('NBD targets served by nbdkit [needs nbdkit]', () => {
  targetConformance('an export', (size) => overFile(size, {}));
  targetConformance('an export on a port', (size) => overFile(size, { port: true, exportName: 'a disk/ü' }));
  targetConformance('an export without structured replies', (size) => overFile(size, { options: ['--no-sr'] }));
  targetConformance('an export that cannot zero', (size) => overFile(size, { filters: ['nozero'] }));
  targetConformance('an export that cannot zero fast', (size) =>
    overFile(size, { filters: ['nozero'], parameters: ['fastzeromode=none'] }),
  );
  targetConformance('an export with small blocks and strict limits', (size) =>
    overFile(size, {
      filters: ['blocksize-policy'],
      parameters: [
        'blocksize-minimum=512',
        'blocksize-preferred=4096',
        'blocksize-maximum=65536',
        'blocksize-error-policy=error',
      ],
    }),
  );
  targetConformance('a slow export that answers out of order', (size) =>
    overFile(size, { filters: ['delay', 'noextents'], parameters: ['wdelay=5ms', 'delay-zero=2ms'] }),
  );
});

describe.skipIf(!hasTool('qemu-nbd'))('NBD targets served by qemu-nbd [needs qemu-nbd]', () => {
  targetConformance('an export', async (size) => {
    const path = join(folder, randomUUID());
    await writeFile(path, '');
    await truncate(path, size);
    const server = await startQemuNbd(path, ['--format=raw', '--discard=unmap', '--detect-zeroes=off']);
    return {
      target: await open(server),
      content: () => readFile(path),
      dispose: async () => server[Symbol.asyncDispose](),
    };
  });
});

describe.skipIf(!hasTool('nbdkit'))('openNbdTarget() [needs nbdkit]', () => {
  it('knows a blank export of many GiB from a used one', async () => {
    await using server = await startNbdkit({ plugin: ['memory', '20G'] });
    {
      await using target = await open(server);
      expect(target.traits.startsZeroed).toBe(true);
      await target.write(17 * GiB, seededBytes(1, 4096));
    }
    await using target = await open(server);
    expect(target.traits.startsZeroed).toBe(false);
    await target.zero({ offset: 0, length: 20 * GiB }, { mayPunch: true });
    await using cleaned = await open(server);
    expect(cleaned.traits.startsZeroed).toBe(true);
  });

  it('says nothing about zeros where the server does not', async () => {
    await using server = await startNbdkit({ plugin: ['memory', '1M'], options: ['--no-sr'] });
    await using target = await open(server);
    expect(target.traits.startsZeroed).toBe(false);
  });

  it('uses several connections only where the server allows it', async () => {
    const one = await writersOf(['multi-conn'], ['multi-conn-mode=disable']);
    expect(await writersOf([])).toBe(4 * one);
    expect(await writersOf(['limit'], ['limit=2'])).toBe(2 * one);
  });

  it('refuses a read-only export', async () => {
    await using server = await startNbdkit({ plugin: ['memory', '1M'], options: ['--read-only'] });
    await expect(open(server)).rejects.toMatchObject({ code: 'target-not-writable' });
  });

  it('refuses a server that demands TLS, by name', async () => {
    const pem = ['--tls=require', '--tls-psk=/dev/null'];
    const server = await startNbdkit({ plugin: ['memory', '1M'], options: pem }).catch(() => undefined);
    if (server === undefined) return;
    await using _server = server;
    await expect(open(server)).rejects.toMatchObject({ code: 'target-unsupported', message: /TLS/ });
  });

  it('says that an export is not there', async () => {
    const exports = ['exportname=known', 'exportname-strict=true'];
    await using server = await startNbdkit({
      plugin: ['memory', '1M'],
      filters: ['exportname'],
      parameters: exports,
      exportName: 'other',
    });
    await expect(open(server)).rejects.toMatchObject({ code: /^target-(not-found|unsupported)$/ });
  });

  it('says that nobody listens', async () => {
    const missing = parseNbdAddress(`nbd+unix:///?socket=${join(folder, 'none')}`);
    await expect(openNbdTarget(missing)).rejects.toMatchObject({ code: 'target-not-found' });
    const closed = parseNbdAddress('nbd://127.0.0.1:1/');
    await expect(openNbdTarget(closed)).rejects.toMatchObject({ code: 'target-unreachable' });
  });

  it('flushes by FUA where the server cannot flush', async () => {
    await using server = await startNbdkit({
      plugin: ['memory', '1M'],
      filters: ['fua'],
      parameters: ['fuamode=force'],
    });
    await using target = await open(server);
    await target.write(0, seededBytes(3, 4096));
    await target.flush();
  });
});

describe.skipIf(!hasTool('nbdkit'))('an NBD target and the failures of its server [needs nbdkit]', () => {
  it('names a failed write, its place and its cause', async () => {
    await using server = await failing('error=EIO', 'error-pwrite-rate=100%');
    await using target = await open(server);
    const writing = target.write(4096, seededBytes(4, 4096));
    await expect(writing).rejects.toMatchObject({ code: 'target-write', offset: 4096, message: /EIO/ });
  });

  it('tells a full disk from a broken one', async () => {
    await using server = await failing('error=ENOSPC', 'error-pwrite-rate=100%');
    await using target = await open(server);
    await expect(target.write(0, seededBytes(5, 4096))).rejects.toMatchObject({ code: 'target-full' });
  });

  it('names a failed read, and works on afterwards', async () => {
    await using server = await failing('error=EIO', 'error-pread-rate=100%');
    await using target = await open(server);
    await expect(target.readBack.read(512, new Uint8Array(512))).rejects.toMatchObject({
      code: 'target-read',
      offset: 512,
    });
    await target.write(0, seededBytes(6, 512));
  });

  it('does not take a failed zeroing for a missing one', async () => {
    await using server = await failing('error=EIO', 'error-zero-rate=100%');
    await using target = await open(server);
    const zeroing = target.zero({ offset: 0, length: MiB }, { mayPunch: true });
    await expect(zeroing).rejects.toMatchObject({ code: 'target-write', message: /EIO/ });
  });

  it('rejects everything that is on its way when the server dies', async () => {
    const server = await startNbdkit({ plugin: ['memory', '64M'], filters: ['delay'], parameters: ['wdelay=10'] });
    await using target = await open(server);
    const writing = [0, 1, 2, 3].map((index) => target.write(index * MiB, seededBytes(index, MiB)));
    const outcomes = Promise.allSettled(writing);
    await server[Symbol.asyncDispose]();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'target-unreachable', retry: 'now' } });
    }
    await expect(target.flush()).rejects.toMatchObject({ code: 'target-unreachable' });
  });

  it('ends a wait promptly when it is aborted, whatever it waits for', async () => {
    await using server = await startNbdkit({
      plugin: ['memory', '64M'],
      filters: ['delay'],
      parameters: ['wdelay=20', 'rdelay=20', 'delay-zero=20'],
    });
    const waits: ((target: NbdTarget, signal: AbortSignal) => Promise<void>)[] = [
      (target, signal) => target.readBack.read(0, new Uint8Array(MiB), signal),
      (target, signal) => target.zero({ offset: 0, length: MiB }, { mayPunch: true }, signal),
      (target, signal) => target.write(0, seededBytes(7, 64 * MiB), signal),
    ];
    await Promise.all(
      waits.map(async (wait) => {
        const target = await open(server);
        const start = performance.now();
        await expect(wait(target, AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' });
        await target[Symbol.asyncDispose]();
        expect(performance.now() - start).toBeLessThan(5000);
      }),
    );
  });
});

async function writersOf(filters: string[], parameters: string[] = []): Promise<number> {
  await using server = await startNbdkit({ plugin: ['memory', '1M'], filters, parameters });
  await using target = await open(server);
  await target.write(0, seededBytes(2, MiB));
  await target.flush();
  return target.traits.writers;
}

function failing(...parameters: string[]): Promise<Nbdkit> {
  return startNbdkit({ plugin: ['memory', '64M'], filters: ['error'], parameters });
}
