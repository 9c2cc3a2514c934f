import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import type { Instance, Provider } from '../../src/providers/provider.ts';
import { FAILED_MARK, MARK } from './mini-guest.ts';

const CHUNK = 2 ** 20;
/** A guest emulated on a busy machine is up after 20 to 30 seconds. */
const BOOT_MS = 120_000;
/** Everything that a guest of ours says. */
const LAST = 65_536;

/** Creates an instance whose system volume has what is in the file. Memory is at least what mini guests need. */
export async function landedGuest(
  provider: Provider,
  how: { readonly path: string; readonly firmware: 'bios' | 'uefi'; readonly region: string; readonly zone: string },
): Promise<Instance> {
  await using image = await open(how.path, 'r');
  const { size } = await image.stat();
  const { sizeStep, minSize } = provider.limits;
  const { path: _path, ...placed } = how;
  const systemSize = Math.max(minSize, Math.ceil(size / sizeStep) * sizeStep);
  const wanted = { name: 'guest', cpus: 1, memory: 256 * 2 ** 20, systemSize, ...placed };
  const instance = await provider.createInstance(wanted, { key: randomUUID() });
  await using target = await provider.openVolume(instance.systemVolume, {});
  for (let offset = 0; offset < size; offset += CHUNK) {
    const chunk = Buffer.alloc(Math.min(CHUNK, size - offset));
    await image.read(chunk, 0, chunk.length, offset);
    if (chunk.some((byte) => byte !== 0)) await target.write(offset, chunk);
  }
  await target.flush();
  return instance;
}

/** @returns the line by which the guest says that it is up. @throws Error with all it said, where it says that it failed */
export async function bootMark(provider: Provider, instance: string, withinMs = BOOT_MS): Promise<string> {
  const end = Date.now() + withinMs;
  for (;;) {
    const said = await serialText(provider, instance);
    const line = said.split('\n').find((text) => text.includes(MARK));
    if (line !== undefined && said.includes('login:')) return line.slice(line.indexOf(MARK));
    if (said.includes(FAILED_MARK)) throw new Error(`the guest did not start: ${said}`);
    if (Date.now() > end) throw new Error(`the guest was not up after ${withinMs} ms; it said: ${said}`);
    await sleep(100);
  }
}

/** What the guest wrote to its serial port, as lines without what moves a cursor. */
export async function serialText(provider: Provider, instance: string): Promise<string> {
  const log = await provider.features.serialLog?.(instance, { last: LAST });
  return stripVTControlCharacters(Buffer.from(log?.bytes ?? []).toString('latin1')).replaceAll('\r', '');
}
