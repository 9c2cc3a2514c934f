import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointFile } from '@diskferry/engine';
import { ServiceError } from '../../base/errors.ts';
import type { LandedImage } from './landed-image.ts';

/** The checkpoint of one image, and under which lock it was written. */
export interface FoundCheckpoint {
  readonly path: string;
  /** The version of the event `locked`. After another one others may have written the disk in between. */
  readonly lockedAt: number;
}

/**
 * Where the checkpoints of a worker lie:
 *
 *     MIGRATION-IMAGE.VERSION   what the disk of the image holds (CheckpointFile); VERSION is that of `locked`
 *     MIGRATION-IMAGE.landed    what is known of the image once it is on its disk
 */
export class CheckpointFolder {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async make(dataFolder: string): Promise<CheckpointFolder> {
    const path = join(dataFolder, 'checkpoints');
    await mkdir(path, { recursive: true, mode: 0o700 });
    return new CheckpointFolder(path);
  }

  pathFor(id: string, image: number, lockedAt: number): string {
    return join(this.#path, `${stem(id, image)}.${lockedAt}`);
  }

  async find(id: string, image: number): Promise<FoundCheckpoint | undefined> {
    const versions = (await this.#suffixes(id, image)).filter((suffix) => /^\d+$/.test(suffix)).map(Number);
    if (versions.length === 0) return undefined;
    const lockedAt = Math.max(...versions);
    return { path: this.pathFor(id, image, lockedAt), lockedAt };
  }

  /** Whether it can be seen later that a disk is as it was left: that everything on it has a digest. */
  async isProvable(id: string, image: number): Promise<boolean> {
    const found = await this.find(id, image);
    return found !== undefined && (await CheckpointFile.peek(found.path))?.torn === false;
  }

  /** The migrations of which something lies here. */
  async migrations(): Promise<string[]> {
    const ids = (await readdir(this.#path)).map((name) => /^([\w-]+)-\d+\./.exec(name)?.[1]);
    return [...new Set(ids.filter((id) => id !== undefined))];
  }

  /** The disk was found as it was left: from now on the checkpoint is one of this lock. */
  async adopt(found: FoundCheckpoint, id: string, image: number, lockedAt: number): Promise<void> {
    await rename(found.path, this.pathFor(id, image, lockedAt));
    await this.#sync();
  }

  /** Nothing goes on from there any more. */
  async forget(id: string, image: number): Promise<void> {
    for (const suffix of await this.#suffixes(id, image)) {
      await rm(join(this.#path, `${stem(id, image)}.${suffix}`), { force: true });
    }
    await this.#sync();
  }

  async writeLanded(id: string, image: number, landed: LandedImage): Promise<void> {
    const path = join(this.#path, `${stem(id, image)}.landed`);
    await using file = await open(`${path}~`, 'w', 0o600);
    await file.writeFile(JSON.stringify(landed));
    await file.sync();
    await rename(`${path}~`, path);
    await this.#sync();
  }

  /** @throws ServiceError `checkpoint-lost` */
  async readLanded(id: string, image: number): Promise<LandedImage> {
    try {
      return JSON.parse(await readFile(join(this.#path, `${stem(id, image)}.landed`), 'utf8')) as LandedImage;
    } catch (cause) {
      throw new ServiceError('checkpoint-lost', `what is known of image ${image} of ${id} is gone`, { cause });
    }
  }

  async #suffixes(id: string, image: number): Promise<string[]> {
    const start = `${stem(id, image)}.`;
    return (await readdir(this.#path)).filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
  }

  async #sync(): Promise<void> {
    await using folder = await open(this.#path, 'r');
    await folder.sync();
  }
}

function stem(id: string, image: number): string {
  if (/^[\w-]{1,100}$/.test(id)) return `${id}-${image}`;
  throw new ServiceError('internal-error', `${JSON.stringify(id)} names no file`);
}
