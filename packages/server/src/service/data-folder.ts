import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../base/errors.ts';

/**
 * What lies in the data folder. For nobody but the user of the service: there are keys in it.
 *
 *     diskferry.db      the database, where it is SQLite
 *     secret.key        seals what opens sources
 *     signing.key       signs receipts
 *     local-token       for the command of whoever may read this folder
 *     local/            volumes and instances of the local provider
 *     worker/           checkpoints
 *     worker.lock       held by the worker that works here
 *     worker.id         the last one that did, and which lock it held
 */
export class DataFolder {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async make(root: string): Promise<DataFolder> {
    try {
      await mkdir(join(root, 'worker'), { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new ServiceError('configuration-invalid', `data: ${root} cannot be made: ${(cause as Error).message}`, {
        cause,
      });
    }
    return new DataFolder(root);
  }

  get secretKey(): string {
    return join(this.root, 'secret.key');
  }

  get signingKey(): string {
    return join(this.root, 'signing.key');
  }

  get localToken(): string {
    return join(this.root, 'local-token');
  }

  get worker(): string {
    return join(this.root, 'worker');
  }

  get workerLock(): string {
    return join(this.root, 'worker.lock');
  }

  get workerId(): string {
    return join(this.root, 'worker.id');
  }
}
