import { setTimeout as sleep } from 'node:timers/promises';
import type { Provider } from '../src/providers/provider.ts';

/** What tests do with the content of volumes and with what instances say. */
export async function written(provider: Provider, { id, bytes }: { id: string; bytes: Uint8Array }): Promise<void> {
  await using target = await provider.openVolume(id, {});
  await target.write(0, bytes);
  await target.flush();
}

export async function contentOf(provider: Provider, id: string): Promise<Buffer> {
  await using target = await provider.openVolume(id, {});
  const content = Buffer.alloc(target.size);
  await target.readBack?.read(0, content);
  return content;
}

/** Waits until the instance has said it on its serial console, where the provider shows that at all. */
export async function saysInTime(provider: Provider, instance: string, mark: string): Promise<void> {
  const { serialLog } = provider.features;
  if (serialLog === undefined) return;
  const end = Date.now() + 15_000;
  for (;;) {
    const { bytes } = await serialLog(instance, { last: 65_536 });
    const said = Buffer.from(bytes).toString('latin1');
    if (said.includes(mark)) return;
    if (Date.now() > end) throw new Error(`${mark} was not said; this was: ${said}`);
    await sleep(50);
  }
}

export async function identityOf(provider: Provider, id: string): Promise<string> {
  await using target = await provider.openVolume(id, {});
  return target.identity;
}
