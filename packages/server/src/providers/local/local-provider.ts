import { type FileHandle } from 'node:fs/promises';
import type { Target } from '@diskferry/engine';
import { ProviderError } from '../provider-error.ts';
import type {
  Act,
  Features,
  Hold,
  Instance,
  NewInstance,
  NewVolume,
  ProvedBoot,
  Provider,
  Ref,
  Region,
  Volume,
} from '../provider.ts';
import { Bell } from './bell.ts';
import { Book } from './book.ts';
import { type Cloud, change, LIMITS, TRAITS } from './cloud.ts';
import { openLocked } from './file-lock.ts';
import { adoptDevices, type ListedDevice } from './listed-devices.ts';
import { Folders } from './folders.ts';
import { requireFree, requireText, requireWhy } from './guard.ts';
import { Guests } from './guest/guests.ts';
import { createInstance, deleteInstance } from './instances.ts';
import { proveBoot, type ProveHow } from './proof/prove-boot.ts';
import { sweepProofs } from './proof/sweep-proofs.ts';
import { roomFor, screenshot, serialLog, serialWrite } from './looks.ts';
import { adoptGuests, startInstance, stopInstance } from './running.ts';
import { sweep } from './sweep.ts';
import { Turn } from './turn.ts';
import { Watch } from './watch.ts';
import { instanceView, volumeView } from './views.ts';
import { attachVolume, createVolume, deleteVolume, detachVolume, growVolume, openVolume } from './volumes.ts';

export interface LocalOptions {
  /** The data folder; made where it is missing. One service at a time works with it. */
  readonly folder: string;
  /** Told apart by it from the folders of other machines; default `local`. */
  readonly name?: string | undefined;
  readonly regions?: readonly Region[] | undefined;
  /** What is a volume besides the files in the folder. */
  readonly devices?: readonly ListedDevice[] | undefined;
}

const REGIONS: readonly Region[] = [{ name: 'local', zones: ['local-1'] }];

/**
 * A small cloud on this machine: volumes are sparse files and the devices that are listed, instances are guests of QEMU. What is kept where stands in
 * folders.ts, what a kill leaves and who clears it in sweep.ts. Closing it leaves its guests running.
 */
export class LocalProvider implements Provider {
  readonly name: string;
  readonly limits = LIMITS;
  readonly traits = TRAITS;
  readonly features: Features;
  readonly #cloud: Cloud;
  readonly #lock: FileHandle;
  readonly #watch: Watch;
  readonly #closed = new AbortController();
  readonly #proofs = new Set<Promise<unknown>>();

  private constructor(name: string, cloud: Cloud, lock: FileHandle) {
    this.name = name;
    this.#cloud = cloud;
    this.#lock = lock;
    this.#watch = new Watch(cloud);
    this.features = {
      serialLog: (instance, { last }) => serialLog(cloud, instance, last),
      serialWrite: (instance, how) => serialWrite(cloud, instance, how),
      screenshot: (instance, { signal }) => screenshot(cloud, instance, signal),
      roomFor: (volume) => roomFor(cloud, volume),
      proveBoot: (instance, how) => this.#proved(instance, how),
      changes: (signal) => cloud.bell.listen(AbortSignal.any([signal, this.#closed.signal])),
    };
  }

  /** @throws ProviderError `folder-busy`, `folder-damaged`, `locks-missing`, `storage-failed`, `device-refused` */
  static async open({ name = 'local', folder, regions = REGIONS, devices = [] }: LocalOptions): Promise<LocalProvider> {
    const folders = await Folders.make(folder);
    const lock = await openLocked(folders.lock, 'a');
    if (lock === undefined) throw new ProviderError('folder-busy', `another service works with ${folder}`);
    try {
      const bell = new Bell();
      const book = await Book.load(folders, bell);
      const guests = new Guests(folders);
      await adoptGuests({ book, guests });
      await sweep(book);
      await sweepProofs(folders);
      await adoptDevices(book, { devices, regions });
      return new LocalProvider(name, { book, guests, regions, bell, turn: new Turn(), changing: new Set() }, lock);
    } catch (error) {
      await lock.close();
      throw error;
    }
  }

  async regions(): Promise<readonly Region[]> {
    return this.#cloud.regions;
  }

  async listVolumes(): Promise<readonly Volume[]> {
    return await Promise.all(this.#cloud.book.volumes.map((record) => volumeView(this.#cloud, record)));
  }

  async listInstances(): Promise<readonly Instance[]> {
    return await Promise.all(this.#cloud.book.instances.map((record) => instanceView(this.#cloud, record)));
  }

  async getVolume(id: string): Promise<Volume> {
    return await volumeView(this.#cloud, this.#cloud.book.volume(id));
  }

  async getInstance(id: string): Promise<Instance> {
    return await instanceView(this.#cloud, this.#cloud.book.instance(id));
  }

  async find(key: string): Promise<Ref | undefined> {
    return this.#cloud.book.operation(key)?.ref;
  }

  createVolume(wanted: NewVolume, act: Act): Promise<Volume> {
    return createVolume(this.#cloud, wanted, act);
  }

  growVolume(id: string, act: Act & { readonly size: number }): Promise<Volume> {
    return growVolume(this.#cloud, id, act);
  }

  attachVolume(id: string, act: Act & { readonly instance: string }): Promise<Volume> {
    return attachVolume(this.#cloud, id, act);
  }

  detachVolume(id: string, act: Act): Promise<Volume> {
    return detachVolume(this.#cloud, id, act);
  }

  deleteVolume(id: string, act: Act): Promise<void> {
    return deleteVolume(this.#cloud, id, act);
  }

  createInstance(wanted: NewInstance, act: Act): Promise<Instance> {
    return createInstance(this.#cloud, wanted, act);
  }

  deleteInstance(id: string, act: Act): Promise<void> {
    return deleteInstance(this.#cloud, id, act);
  }

  startInstance(id: string, act: Act): Promise<Instance> {
    return startInstance(this.#cloud, id, act);
  }

  stopInstance(id: string, act: Act & { readonly graceMs: number }): Promise<Instance> {
    return stopInstance(this.#cloud, id, act);
  }

  openVolume(id: string, how: { readonly holder?: string; readonly signal?: AbortSignal }): Promise<Target> {
    return openVolume(this.#cloud, id, how);
  }

  hold(ref: Ref, by: Hold, signal?: AbortSignal): Promise<void> {
    return change(this.#cloud, signal, async () => {
      requireText('the holder', by.holder);
      requireWhy(by.why);
      const record = this.#record(ref);
      requireFree([record], by.holder);
      await this.#putHold(ref, { holder: by.holder, why: by.why });
    });
  }

  release(ref: Ref, holder: string, signal?: AbortSignal): Promise<void> {
    return change(this.#cloud, signal, async () => {
      if (!this.#cloud.book.has(ref)) return;
      const record = this.#record(ref);
      requireFree([record], holder);
      if (record.heldBy !== undefined) await this.#putHold(ref, undefined);
    });
  }

  /** It ends with the provider, which waits for that. */
  async #proved(instance: string, how: ProveHow): Promise<ProvedBoot> {
    const closed = this.#closed.signal;
    const signal = how.signal === undefined ? closed : AbortSignal.any([how.signal, closed]);
    const proving = proveBoot(this.#cloud, instance, { ...how, signal });
    this.#proofs.add(proving);
    return await proving.finally(() => this.#proofs.delete(proving));
  }

  #record({ kind, id }: Ref) {
    return kind === 'volume' ? this.#cloud.book.volume(id) : this.#cloud.book.instance(id);
  }

  async #putHold({ kind, id }: Ref, heldBy: Hold | undefined): Promise<void> {
    const { book } = this.#cloud;
    if (kind === 'volume') await book.putVolume({ ...book.volume(id), heldBy });
    else await book.putInstance({ ...book.instance(id), heldBy });
  }

  /** What was begun is brought to its end; the folder is then free for the next service. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await Promise.allSettled(this.#proofs);
    await this.#watch[Symbol.asyncDispose]();
    await this.#cloud.turn.take(() => this.#lock.close());
  }
}
