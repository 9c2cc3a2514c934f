import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, type FileHandle, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ProviderError } from '../../provider-error.ts';
import { isDevice } from '../disks.ts';
import type { Folders } from '../folders.ts';
import type { Plan } from '../guest/guests.ts';
import { MIRROR, MIRROR_PORT, qemuArguments, VARS } from '../guest/qemu-arguments.ts';
import type { InstanceRecord, VolumeRecord } from '../records.ts';
import { makeOverlay } from './overlay.ts';

const FIRST_DISK = 3;
/** What is kept of what the machine says: the last of it. */
const KEPT = 256 * 1024;
/** More than a system writes when it comes up. */
const WRITTEN_LIMIT = 2 ** 30;
const BLOCK = 512;
const LOG = 'qemu.log';
/** The launch: how the process is known that a service has left behind. */
export const LAUNCH = 'launch';

export interface TrialHow {
  readonly plan: Plan;
  readonly instance: InstanceRecord;
  readonly launch: string;
  readonly disks: readonly { readonly volume: VolumeRecord; readonly handle: FileHandle }[];
}

/** A machine on throw-away copies of its disks. It ends with `end`, and nothing is left of it. */
export class Trial {
  readonly folder: string;
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #overlays: readonly string[];
  readonly #closed: Promise<unknown>;
  #said = '';
  #heard = 0;

  private constructor(folder: string, name: string, child: ChildProcess, overlays: readonly string[]) {
    this.folder = folder;
    this.name = name;
    this.#child = child;
    this.#overlays = overlays;
    this.#closed = once(child, 'close');
    child.stdout?.setEncoding('latin1').on('data', (chunk: string) => {
      this.#said = (this.#said + chunk).slice(-KEPT);
      this.#heard += chunk.length;
    });
  }

  /** @throws ProviderError `guest-not-started` */
  static async begin(folders: Folders, how: TrialHow): Promise<Trial> {
    const { instance, launch, plan, disks } = how;
    const folder = folders.proof(instance.id);
    const overlays = await prepare(folders, folder, how);
    const args = qemuArguments({
      ...instance,
      name: launch,
      accelerator: plan.accelerator,
      uefiCode: plan.uefi?.code,
      onTrial: true,
      disks: disks.map(({ volume }, index) => ({
        volume: volume.id,
        slot: volume.attachment?.slot ?? 0,
        isDevice: isDevice(volume),
        path: isDevice(volume) ? `/proc/self/fd/${FIRST_DISK + index}` : relative(folder, folders.disk(volume.id)),
        overlay: overlayOf(volume),
      })),
    });
    await using log = await open(join(folder, LOG), 'w', 0o600);
    const child = spawn(plan.qemu, args, {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'pipe', log.fd, ...disks.map(({ handle }) => handle.fd)],
    });
    await once(child, 'spawn').catch((cause: unknown) => {
      throw new ProviderError('guest-not-started', `${instance.id}: ${plan.qemu} does not run`, { cause });
    });
    return new Trial(folder, launch, child, overlays);
  }

  get said(): string {
    return this.#said;
  }

  /** How much it has said, also of what is not kept any more. */
  get heard(): number {
    return this.#heard;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async hasWrittenTooMuch(): Promise<boolean> {
    const sizes = await Promise.all(this.#overlays.map((name) => stat(join(this.folder, name)).catch(() => undefined)));
    return sizes.reduce((sum, found) => sum + (found?.blocks ?? 0) * BLOCK, 0) > WRITTEN_LIMIT;
  }

  /** What QEMU itself had to say, where it ended at once. */
  async complaint(): Promise<string> {
    const text = await readFile(join(this.folder, LOG), 'utf8').catch(() => '');
    return text.trim().slice(-500);
  }

  async end(): Promise<void> {
    if (!this.hasEnded) this.#child.kill('SIGKILL');
    await this.#closed;
    await rm(this.folder, { recursive: true, force: true });
  }
}

const overlayOf = ({ id }: VolumeRecord): string => `${id}.qcow2`;

/** @returns the names of the overlays */
async function prepare(folders: Folders, folder: string, { plan, instance, launch, disks }: TrialHow) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, LAUNCH), launch);
  await writeFile(join(folder, MIRROR), MIRROR_PORT);
  if (plan.uefi !== undefined) {
    // What the firmware has stored goes into the copy as well, as far as there is something.
    const own = join(folders.guest(instance.id), VARS);
    const hasOwn = (await stat(own).catch(() => undefined)) !== undefined;
    await copyFile(hasOwn ? own : plan.uefi.vars, join(folder, VARS));
  }
  for (const { volume, handle } of disks) {
    await makeOverlay(join(folder, overlayOf(volume)), isDevice(volume) ? volume.size : (await handle.stat()).size);
  }
  return disks.map(({ volume }) => overlayOf(volume));
}
