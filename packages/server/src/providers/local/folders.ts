import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { attempt } from './durable.ts';

/**
 * Where everything lies below the data folder. Names are ids that we made; nothing a person types becomes part of one.
 *
 *     lock                      held by the service that works here
 *     volumes/v-….json, .raw    the record of a volume and its disk, unless that is a device
 *     instances/i-….json        the record of an instance
 *     guests/i-…/               serial.log, qemu.log, qmp.sock; with UEFI vars.fd, the firmware's memory
 *     proofs/i-…/               the same of a copy that is started to see whether it comes up, and what it writes
 */
export class Folders {
  readonly root: string;
  readonly volumes: string;
  readonly instances: string;
  readonly guests: string;
  readonly proofs: string;

  private constructor(root: string) {
    this.root = root;
    this.volumes = join(root, 'volumes');
    this.instances = join(root, 'instances');
    this.guests = join(root, 'guests');
    this.proofs = join(root, 'proofs');
  }

  static async make(root: string): Promise<Folders> {
    const folders = new Folders(resolve(root));
    for (const path of [folders.volumes, folders.instances, folders.guests, folders.proofs]) {
      await attempt(path, () => mkdir(path, { recursive: true, mode: 0o700 }));
    }
    return folders;
  }

  get lock(): string {
    return join(this.root, 'lock');
  }

  disk(volume: string): string {
    return join(this.volumes, `${volume}.raw`);
  }

  guest(instance: string): string {
    return join(this.guests, instance);
  }

  proof(instance: string): string {
    return join(this.proofs, instance);
  }
}

/** What names in the folders look like; files with other names are not ours and are left alone. */
export const OUR_ID = /^[vi]-[0-9a-f]{16}$/;
