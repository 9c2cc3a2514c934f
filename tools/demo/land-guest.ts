import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import type { StartedService } from '../../packages/server/testing/started-service.ts';
import type { Samples } from './samples.ts';
import { say } from './say.ts';
import { hasQemu } from './has-qemu.ts';

const MiB = 2 ** 20;
const BOOT_MS = 90_000;

/** An offline instance migration. @returns the instance, where it runs afterwards */
export async function landGuest(
  service: StartedService,
  image: Samples['system'],
  link: (name: string, content: Uint8Array) => string,
): Promise<string | undefined> {
  say('2. An offline instance migration: a VMDK inside a .tar.gz goes onto the system volume of an instance.');
  const size = `${Math.ceil(image.size / MiB) + 16}MiB`;
  const instance = await service.ask<{ id: string }>('instances', 'create', 'web', '--size', size);
  await service.run('instances', 'show', instance.id);
  const canStart = await hasQemu();
  // A boot sector that takes the place of a system is none to those who look for one.
  const accepted = ['--accept', 'guest-nature', '--accept', 'guest-firmware'];
  const start = canStart ? ['--start', ...accepted] : accepted;
  await service.run('migrate', 'instance', link(image.name, image.content), instance.id, '--yes', ...start);
  await showReceipt(service, instance.id);
  if (!canStart) {
    say('QEMU is not installed, so the instance is not started: apt-get install qemu-system-x86');
    return undefined;
  }
  say('The instance starts from its new disk. Its serial console:');
  await showConsole(service, instance.id, image.mark);
  return instance.id;
}

/** Of the newest migration onto it; checked without the service. */
export async function showReceipt(service: StartedService, target: string, kind = 'instance'): Promise<void> {
  const page = await service.ask<{ items: { id: string }[] }>('migrations', 'list', '--resource', `${kind}:${target}`);
  const id = page.items[0]?.id ?? '';
  const file = join(service.data, `receipt-${target}.json`);
  await service.run('migrations', 'receipt', id, '--out', file);
  await service.run('receipt', 'verify', file);
}

async function showConsole(service: StartedService, id: string, mark: string): Promise<void> {
  const end = Date.now() + BOOT_MS;
  for (;;) {
    const { text } = await service.ask<{ text: string }>('instances', 'console', id);
    if (text.includes(mark)) return await service.run('instances', 'console', id, '--last', '600');
    if (Date.now() > end) throw new Error(`the guest did not say ${JSON.stringify(mark)}; it said: ${text}`);
    await sleep(1000);
  }
}
