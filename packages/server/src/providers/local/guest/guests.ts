import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from '../../provider-error.ts';
import { isDevice } from '../disks.ts';
import type { SerialTail } from '../../provider.ts';
import { attempt, syncFolder, UNFINISHED } from '../durable.ts';
import type { Folders } from '../folders.ts';
import type { GuestRecord, InstanceRecord, VolumeRecord } from '../records.ts';
import { type Accelerator, probeAccelerator } from './accelerator.ts';
import { tail, trimLog } from './logs.ts';
import { findGuest, identify, isGuest, type ProcessIdentity } from './process-identity.ts';
import { findFirmware, findQemu } from './programs.ts';
import { qemuArguments, SERIAL_LOG, VARS } from './qemu-arguments.ts';
import { converse, QMP_SOCKET } from './qmp.ts';
import { dropTyped, typeInto } from './serial-input.ts';
import { dropScreens, takeScreen } from './screen.ts';

const READY_MS = 20_000;
const ANSWER_MS = 5000;
const SCREEN_MS = 10_000;
const KILLED_MS = 10_000;
const POLL_MS = 50;
/** Of the descriptors that QEMU inherits, behind the three standard ones. */
const FIRST_DISK = 3;
const QEMU_LOG = 'qemu.log';

/** A machine that is about to be started, with all that was looked for beforehand. */
export interface Plan {
  readonly qemu: string;
  readonly accelerator: Accelerator;
  readonly uefi: { readonly code: string; readonly vars: string } | undefined;
}

/** The processes of guests. They are their own: they do not end with the service, and are found again by the next one. */
export class Guests {
  readonly #folders: Folders;
  #accelerator: Promise<Accelerator> | undefined;
  /** By the id of the instance: who types last, settled when he has. */
  readonly #typing = new Map<string, Promise<void>>();

  constructor(folders: Folders) {
    this.#folders = folders;
  }

  async isAlive(guest: GuestRecord | undefined): Promise<boolean> {
    return (await this.processOf(guest)) !== undefined;
  }

  /** Also of a guest whose start was not recorded to its end: it is sought by its launch. */
  async processOf(guest: GuestRecord | undefined): Promise<ProcessIdentity | undefined> {
    if (guest === undefined) return undefined;
    if (guest.process === undefined) return await findGuest(guest.launch);
    return (await isGuest(guest.process, guest.launch)) ? guest.process : undefined;
  }

  /** @throws ProviderError `hypervisor-missing` */
  async plan({ firmware }: Pick<InstanceRecord, 'firmware'>): Promise<Plan> {
    const qemu = await findQemu();
    const uefi = firmware === 'uefi' ? await findFirmware() : undefined;
    this.#accelerator ??= probeAccelerator(qemu);
    return { qemu, uefi, accelerator: await this.#accelerator };
  }

  /**
   * Starts the process and gives its identity. The disks are locked by the caller, and the process inherits the locks:
   * they last as long as it does, also where the service dies at this moment.
   */
  async launch(how: {
    readonly plan: Plan;
    readonly instance: InstanceRecord;
    readonly launch: string;
    readonly disks: readonly { readonly volume: VolumeRecord; readonly handle: FileHandle }[];
  }): Promise<ProcessIdentity> {
    const { plan, instance, launch, disks } = how;
    const folder = this.#folders.guest(instance.id);
    await this.#prepare(folder, plan);
    const args = qemuArguments({
      ...instance,
      name: launch,
      accelerator: plan.accelerator,
      uefiCode: plan.uefi?.code,
      disks: disks.map(({ volume }, index) => ({
        volume: volume.id,
        slot: volume.attachment?.slot ?? 0,
        isDevice: isDevice(volume),
        // The path of a device may mean another one by now; what was claimed does not change.
        path: isDevice(volume)
          ? `/proc/self/fd/${FIRST_DISK + index}`
          : relative(folder, this.#folders.disk(volume.id)),
      })),
    });
    await using log = await open(join(folder, QEMU_LOG), 'w', 0o600);
    const child = spawn(plan.qemu, args, {
      cwd: folder,
      detached: true,
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', log.fd, log.fd, ...disks.map(({ handle }) => handle.fd)],
    });
    await once(child, 'spawn').catch((cause: unknown) => {
      throw new ProviderError('guest-not-started', `${instance.id}: ${plan.qemu} does not run`, { cause });
    });
    child.unref();
    const identity = child.pid === undefined ? undefined : await identify(child.pid);
    if (identity === undefined) throw await this.#notStarted(instance);
    return identity;
  }

  /** Until the guest answers. @throws ProviderError `guest-not-started` with what QEMU said */
  async ready(instance: InstanceRecord, { launch, process }: Required<GuestRecord>): Promise<void> {
    const end = performance.now() + READY_MS;
    while (performance.now() < end) {
      if (process === undefined || !(await isGuest(process, launch))) break;
      if (await this.#answers(instance, launch, 'query-status')) return;
      await sleep(POLL_MS);
    }
    throw await this.#notStarted(instance);
  }

  /** Presses the power button. Whether somebody hears it is seen by whether the process ends. */
  async powerDown(instance: InstanceRecord, { launch }: GuestRecord): Promise<void> {
    await this.#answers(instance, launch, 'system_powerdown');
  }

  /** @returns whether the process ended in time */
  async ended(guest: GuestRecord, withinMs: number, signal?: AbortSignal): Promise<boolean> {
    const end = performance.now() + withinMs;
    while (await this.isAlive(guest)) {
      if (performance.now() >= end) return false;
      await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
    }
    return true;
  }

  /** @throws ProviderError `guest-not-stopped` */
  async kill(instance: InstanceRecord, guest: GuestRecord): Promise<void> {
    const found = await this.processOf(guest);
    if (found === undefined) return;
    try {
      process.kill(found.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
        throw new ProviderError('guest-not-stopped', `${instance.id}: process ${found.pid}`, { cause: error });
      }
    }
    if (await this.ended(guest, KILLED_MS)) return;
    throw new ProviderError('guest-not-stopped', `${instance.id}: process ${found.pid} lives after it was killed`);
  }

  async serialLog(instance: InstanceRecord, last: number): Promise<SerialTail> {
    return await tail(join(this.#folders.guest(instance.id), SERIAL_LOG), last);
  }

  /** One after the other for each instance. @throws ProviderError `console-unread` */
  async serialWrite(
    instance: InstanceRecord,
    guest: GuestRecord,
    how: { readonly bytes: Uint8Array; readonly signal?: AbortSignal },
  ): Promise<void> {
    const before = this.#typing.get(instance.id);
    const typing = Promise.resolve(before).then(() => this.#type(instance, guest, how));
    const settled = typing.catch(() => undefined);
    this.#typing.set(instance.id, settled);
    await typing.finally(() => {
      if (this.#typing.get(instance.id) === settled) this.#typing.delete(instance.id);
    });
  }

  async #type(
    instance: InstanceRecord,
    guest: GuestRecord,
    { bytes, signal }: { readonly bytes: Uint8Array; readonly signal?: AbortSignal },
  ): Promise<void> {
    const limits = [AbortSignal.timeout(ANSWER_MS), ...(signal === undefined ? [] : [signal])];
    const folder = this.#folders.guest(instance.id);
    const { pid } = (await this.processOf(guest)) ?? {};
    const unread = (why: string, cause?: unknown) => {
      return new ProviderError('console-unread', `${instance.id}: ${why}`, { cause });
    };
    if (pid === undefined) throw unread('it has ended');
    await typeInto({ folder, name: guest.launch, pid, signal: AbortSignal.any(limits) }, bytes).catch(
      (cause: Error) => {
        signal?.throwIfAborted();
        throw unread(cause.message, cause);
      },
    );
  }

  /** @throws ProviderError `screen-missing` */
  async screenshot(instance: InstanceRecord, { launch }: GuestRecord, signal?: AbortSignal): Promise<Uint8Array> {
    const limits = [AbortSignal.timeout(SCREEN_MS), ...(signal === undefined ? [] : [signal])];
    const guest = { folder: this.#folders.guest(instance.id), name: launch, signal: AbortSignal.any(limits) };
    return await takeScreen(guest).catch((cause: Error) => {
      signal?.throwIfAborted();
      throw new ProviderError('screen-missing', `${instance.id}: ${cause.message}`, { cause });
    });
  }

  /** What cannot be trimmed now is tried again at the next look. */
  async trimLogs(instance: string): Promise<void> {
    for (const name of [SERIAL_LOG, QEMU_LOG]) {
      await trimLog(join(this.#folders.guest(instance), name)).catch(() => undefined);
    }
  }

  async #answers(instance: InstanceRecord, launch: string, command: string): Promise<boolean> {
    const folder = this.#folders.guest(instance.id);
    const signal = AbortSignal.timeout(ANSWER_MS);
    return await converse({ folder, name: launch, signal }, (execute) => execute(command)).then(
      () => true,
      () => false,
    );
  }

  async #prepare(folder: string, { uefi }: Plan): Promise<void> {
    await attempt(folder, async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const name of [QMP_SOCKET, SERIAL_LOG]) await rm(join(folder, name), { force: true });
      await dropScreens(folder);
      await dropTyped(folder);
      if (uefi === undefined) return;
      // What the firmware has stored stays with the instance: boot entries, keys.
      const vars = join(folder, VARS);
      if (await stat(vars).catch(() => undefined)) return;
      await copyFile(uefi.vars, `${vars}${UNFINISHED}`);
      await rename(`${vars}${UNFINISHED}`, vars);
      await syncFolder(folder);
    });
  }

  async #notStarted(instance: InstanceRecord): Promise<ProviderError> {
    const text = await readFile(join(this.#folders.guest(instance.id), QEMU_LOG), 'utf8').catch(() => '');
    const said = text.trim().slice(-500) || 'QEMU said nothing';
    return new ProviderError('guest-not-started', `${instance.id}: ${said}`);
  }
}
