import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderError } from '../provider-error.ts';
import type { OperationKey, Ref } from '../provider.ts';
import type { Bell } from './bell.ts';
import { attempt, removeDurably, syncFolder, UNFINISHED, writeDurably } from './durable.ts';
import { type Folders, OUR_ID } from './folders.ts';
import { type InstanceRecord, type Operation, parseRecord, type VolumeRecord } from './records.ts';

/**
 * All records, in memory and in files. A record is there when its file is, and gone when that is: every operation is
 * committed by one file that is written or removed. The file is changed first, then the memory.
 */
export class Book {
  readonly folders: Folders;
  readonly #bell: Bell;
  readonly #volumes = new Map<string, VolumeRecord>();
  readonly #instances = new Map<string, InstanceRecord>();
  /** A write failed, perhaps after its file was replaced: what is in the files is read again before anything changes. */
  #doubtful = false;

  private constructor(folders: Folders, bell: Bell) {
    this.folders = folders;
    this.#bell = bell;
  }

  /** `bell` rings at every change. @throws ProviderError `folder-damaged`, `storage-failed` */
  static async load(folders: Folders, bell: Bell): Promise<Book> {
    const book = new Book(folders, bell);
    await book.#read();
    return book;
  }

  /** Before a change, after a write that failed: the memory follows the files again, and `sweep` what was half done. */
  async settle(sweep: (book: Book) => Promise<void>): Promise<void> {
    if (!this.#doubtful) return;
    await this.#read();
    await sweep(this);
    this.#doubtful = false;
    this.#bell.ring();
  }

  async #read(): Promise<void> {
    const { volumes, instances } = this.folders;
    const found = [await recordsIn(volumes), await recordsIn(instances)] as const;
    this.#volumes.clear();
    this.#instances.clear();
    for (const [id, record] of found[0]) this.#volumes.set(id, record as VolumeRecord);
    for (const [id, record] of found[1]) this.#instances.set(id, record as InstanceRecord);
  }

  get volumes(): readonly VolumeRecord[] {
    return [...this.#volumes.values()];
  }

  get instances(): readonly InstanceRecord[] {
    return [...this.#instances.values()];
  }

  volume(id: string): VolumeRecord {
    const record = this.#volumes.get(id);
    if (record === undefined) throw new ProviderError('volume-not-found', `no volume has the id ${JSON.stringify(id)}`);
    return record;
  }

  instance(id: string): InstanceRecord {
    const record = this.#instances.get(id);
    if (record !== undefined) return record;
    throw new ProviderError('instance-not-found', `no instance has the id ${JSON.stringify(id)}`);
  }

  has(ref: Ref): boolean {
    return ref.kind === 'volume' ? this.#volumes.has(ref.id) : this.#instances.has(ref.id);
  }

  /** In the order of slots, the system volume first. */
  volumesOf(instance: string): VolumeRecord[] {
    const attached = this.volumes.filter(({ attachment }) => attachment?.instance === instance);
    return attached.toSorted((a, b) => (a.attachment?.slot ?? 0) - (b.attachment?.slot ?? 0));
  }

  operation(key: OperationKey): { readonly ref: Ref; readonly what: string } | undefined {
    const seek = (kind: Ref['kind'], records: readonly { id: string; operations: readonly Operation[] }[]) => {
      for (const { id, operations } of records) {
        const found = operations.find((operation) => operation.key === key);
        if (found !== undefined) return { ref: { kind, id }, what: found.what };
      }
      return undefined;
    };
    return seek('volume', this.volumes) ?? seek('instance', this.instances);
  }

  async putVolume(record: VolumeRecord): Promise<VolumeRecord> {
    await this.#commit(() => writeDurably(this.#path(record.id), asText(record)));
    this.#volumes.set(record.id, record);
    this.#bell.ring();
    return record;
  }

  async putInstance(record: InstanceRecord): Promise<InstanceRecord> {
    await this.#commit(() => writeDurably(this.#path(record.id), asText(record)));
    this.#instances.set(record.id, record);
    this.#bell.ring();
    return record;
  }

  async removeVolume(id: string): Promise<void> {
    await this.#commit(() => removeDurably(this.#path(id)));
    this.#volumes.delete(id);
    this.#bell.ring();
  }

  async removeInstance(id: string): Promise<void> {
    await this.#commit(() => removeDurably(this.#path(id)));
    this.#instances.delete(id);
    this.#bell.ring();
  }

  async #commit(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#doubtful = true;
      throw error;
    }
  }

  #path(id: string): string {
    return join(id.startsWith('v') ? this.folders.volumes : this.folders.instances, `${id}.json`);
  }
}

function asText(record: VolumeRecord | InstanceRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

async function recordsIn(folder: string): Promise<[string, VolumeRecord | InstanceRecord][]> {
  return await attempt(folder, async () => {
    await syncFolder(folder);
    const found: [string, VolumeRecord | InstanceRecord][] = [];
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if (name.endsWith(`.json${UNFINISHED}`)) await removeDurably(path);
      const id = name.replace(/\.json$/, '');
      if (name !== id && OUR_ID.test(id)) found.push([id, parseRecord(path, id, await readFile(path, 'utf8'))]);
    }
    return found;
  });
}
