import { readFile, truncate, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Nbdkit, type NbdkitSetup, startNbdkit, startQemuNbd } from '../../../testing/nbdkit.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { type MakeTarget, targetConformance } from '../../../testing/target-conformance.ts';
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

/**
 * A server on a file, so that the content can be looked at without any NBD client. One server does for a whole suite: it
 * opens the file, made blank again for every test, for every client.
 */
function overFile(serve: (path: string) => Promise<Nbdkit>): MakeTarget {
  const path = join(folder, randomUUID());
  let serving: Promise<Nbdkit> | undefined;
  afterAll(async () => (await serving)?.[Symbol.asyncDispose]());
  return async (size) => {
    await writeFile(path, '');
    await truncate(path, size);
    serving ??= serve(path);
    return { target: await open(await serving), content: () => readFile(path), dispose: async () => {} };
  };
}

function byNbdkit(setup: Omit<NbdkitSetup, 'plugin'>): MakeTarget {
  return overFile((path) => startNbdkit({ ...setup, plugin: ['file', path] }));
}

describe.skipIf(!hasTool('nbdkit'))('NBD targets served by nbdkit [needs nbdkit]', () => {
  targetConformance('an export', byNbdkit({}));
  targetConformance(
    'an export on a port that cannot zero',
    byNbdkit({ port: true, exportName: 'a disk/ü', filters: ['nozero'] }),
  );
  targetConformance(
    'an export without structured replies that cannot zero fast',
    byNbdkit({ options: ['--no-sr'], filters: ['nozero'], parameters: ['fastzeromode=none'] }),
  );
  targetConformance(
    'an export with small blocks and strict limits',
    byNbdkit({
      filters: ['blocksize-policy'],
      parameters: [
        'blocksize-minimum=512',
        'blocksize-preferred=4096',
        'blocksize-maximum=65536',
        'blocksize-error-policy=error',
      ],
    }),
  );
  targetConformance(
    'a slow export that answers out of order',
    byNbdkit({ filters: ['delay', 'noextents'], parameters: ['wdelay=5ms', 'delay-zero=2ms'] }),
  );
});

describe.skipIf(!hasTool('qemu-nbd'))('NBD targets served by qemu-nbd [needs qemu-nbd]', () => {
  const options = ['--format=raw', '--discard=unmap', '--detect-zeroes=off'];
  targetConformance(
    'an export',
    overFile((path) => startQemuNbd(path, options)),
  );
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
    const keys = join(folder, 'keys.psk');
    await writeFile(keys, `someone:${'00'.repeat(32)}\n`, { mode: 0o600 });
    const options = ['--tls=require', `--tls-psk=${keys}`];
    await using server = await startNbdkit({ plugin: ['memory', '1M'], options });
    await expect(open(server)).rejects.toMatchObject({ code: 'target-unsupported', message: /demands TLS/ });
  });

  it('says that an export is not there', async () => {
    const exports = ['exportname=known', 'exportname-strict=true'];
    await using server = await startNbdkit({
      plugin: ['memory', '1M'],
      filters: ['exportname'],
      parameters: exports,
      exportName: 'other',
    });
    await expect(open(server)).rejects.toMatchObject({ code: 'target-not-found' });
  });

  it('says that nobody listens', async () => {
    const missing = parseNbdAddress(`nbd+unix:///?socket=${join(folder, 'none')}`);
    await expect(openNbdTarget(missing)).rejects.toMatchObject({ code: 'target-not-found' });
    const closed = parseNbdAddress('nbd://127.0.0.1:1/');
    await expect(openNbdTarget(closed)).rejects.toMatchObject({ code: 'target-unreachable' });
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
