import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeImage } from '../../packages/engine/testing/qemu-img.ts';
import { makeTar } from '../../packages/engine/testing/tar-maker.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { startTestServer } from '../../packages/engine/testing/test-server.ts';
import { hasTool } from '../../packages/engine/testing/tools.ts';
import { streamVmdk } from '../../packages/engine/testing/vmdk-image.ts';
import { GUESTS_NEED, missingForGuests } from '../../packages/server/testing/guests/guest-needs.ts';
import { makeMiniGuest } from '../../packages/server/testing/guests/make-mini-guest.ts';
import { MARK } from '../../packages/server/testing/guests/mini-guest.ts';
import { ServiceProcess } from '../parts/service-process.ts';

const BOOT_MS = 180_000;
const TIME_MS = BOOT_MS + 120_000;
const isLong = process.env['DISKFERRY_LONG'] !== undefined;

const FORMATS = {
  bios: async (path: string) => {
    const { bytes } = streamVmdk(await readFile(path));
    return { name: 'disk.vmdk', content: bytes };
  },
  uefi: async (path: string) => {
    const made = { folder: join(path, '..'), name: 'disk.qcow2', format: 'qcow2', compressed: true };
    return { name: made.name, content: await readFile(await makeImage(await readFile(path), made)) };
  },
} as const;

/** What a person types, from an instance that is off to the line that its guest says. */
async function bootsAfterMigration(root: string, firmware: 'bios' | 'uefi'): Promise<void> {
  const folder = join(root, firmware);
  const path = await makeMiniGuest({ folder, name: firmware, firmware });
  const image = await FORMATS[firmware](path);
  await using server = await startTestServer();
  const content = gzipSync(makeTar([image]), { level: 1 });
  const link = server.serve(`/${image.name}.tar.gz`, { content, etag: '"one"' });
  await using service = await ServiceProcess.start({ data: join(folder, 'data') });
  const made = ['--size', '512MiB', '--firmware', firmware, '--memory', '256MiB', '--cpus', '1'];
  const { id, systemVolume } = await service.ask<{ id: string; systemVolume: string }>(
    'instances',
    'create',
    'web',
    ...made,
  );
  const { code, stderr } = await service.run('migrate', 'instance', link, id, '--start', '--yes');
  expect(code, stderr).toBe(0);

  const said = await bootMark(service, id);
  expect(said).toContain(`${MARK} ${firmware} root=/dev/vda`);
  expect(said).toMatch(new RegExp(`canary=ok .*firmware=${firmware}`));
  // Its disk is a running guest's: nobody else may change it, and no second migration is begun.
  const again = await service.run('migrate', 'instance', link, id, '--yes', '--detach');
  expect(again.code, again.stderr).toBe(3);
  expect(again.stderr).toContain('instance-running');
  expect((await service.run('volumes', 'delete', systemVolume)).code).not.toBe(0);
  const stopped = await service.ask<{ state: string }>('instances', 'stop', id, '--grace', '60');
  expect(stopped.state).toBe('stopped');
}

async function bootMark(service: ServiceProcess, instance: string): Promise<string> {
  for (const end = performance.now() + BOOT_MS; ; await sleep(500)) {
    const { text } = await service.ask<{ text: string }>('instances', 'console', instance, '--last', '65536');
    const line = text.split('\n').find((each) => each.includes(MARK));
    if (line !== undefined) return line;
    if (performance.now() > end) throw new Error(`the guest did not start; it said: ${text}`);
  }
}

describe('a bootable guest that comes over HTTP onto an instance that is off', async () => {
  const root = await tempFolder();
  const missing = await missingForGuests();

  it.skipIf(missing.length > 0)(
    `boots from its new disk: VMDK in a .tar.gz, BIOS ${GUESTS_NEED}`,
    () => bootsAfterMigration(root, 'bios'),
    TIME_MS,
  );

  it.skipIf(!isLong || missing.length > 0 || !hasTool('qemu-img'))(
    `boots from its new disk: qcow2 in a .tar.gz, UEFI [only with DISKFERRY_LONG] ${GUESTS_NEED}`,
    () => bootsAfterMigration(root, 'uefi'),
    TIME_MS,
  );
});
