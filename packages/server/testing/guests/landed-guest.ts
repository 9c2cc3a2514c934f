import { randomUUID } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import type { Instance, Provider } from '../../src/providers/provider.ts';
import { FAILED_MARK, MARK } from './mini-guest.ts';

const CHUNK = 2 ** 20;
/** A guest emulated on a busy machine is up after 20 to 30 seconds. */
const BOOT_MS = 120_000;
/** Everything that a guest of ours says. */
const LAST = 65_536;

export interface Landing {
  readonly region: string;
  readonly zone: string;
  readonly firmware: 'bios' | 'uefi';
  /** In bytes; without it, what mini guests need. */
  readonly memory?: number;
  /** Of the system disk. */
  readonly path: string;
  /** Of the data disks, in the order of their slots. */
  readonly dataPaths?: readonly string[];
}

/** Creates an instance whose volumes have what is in the files. */
export async function landedGuest(
  provider: Provider,
  { path, dataPaths = [], firmware, memory = 256 * 2 ** 20, ...place }: Landing,
): Promise<Instance> {
  const systemSize = await volumeSize(provider, path);
  const wanted = { name: 'guest', cpus: 1, memory, firmware, systemSize, ...place };
  const { id, systemVolume } = await provider.createInstance(wanted, { key: randomUUID() });
  await writeDisk(provider, systemVolume, path);
  for (const dataPath of dataPaths) {
    const size = await volumeSize(provider, dataPath);
    const volume = await provider.createVolume({ name: 'data', size, ...place }, { key: randomUUID() });
    await writeDisk(provider, volume.id, dataPath);
    await provider.attachVolume(volume.id, { key: randomUUID(), instance: id });
  }
  return await provider.getInstance(id);
}

async function volumeSize({ limits: { minSize, sizeStep } }: Provider, path: string): Promise<number> {
  const { size } = await stat(path);
  return Math.max(minSize, Math.ceil(size / sizeStep) * sizeStep);
}

async function writeDisk(provider: Provider, volume: string, path: string): Promise<void> {
  await using image = await open(path, 'r');
  await using target = await provider.openVolume(volume, {});
  const { size } = await image.stat();
  for (let offset = 0; offset < size; offset += CHUNK) {
    const chunk = Buffer.alloc(Math.min(CHUNK, size - offset));
    await image.read(chunk, 0, chunk.length, offset);
    if (chunk.some((byte) => byte !== 0)) await target.write(offset, chunk);
  }
  await target.flush();
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
