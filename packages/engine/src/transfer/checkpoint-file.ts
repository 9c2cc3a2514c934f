import { open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DiskferryError, systemCode } from '../base/errors.ts';
import { lockExclusive } from '../base/system-calls.ts';
import type { Binding, Checkpoint, CheckpointRecord, CheckpointStart } from './checkpoint.ts';
import { lineOf, lineText, MARK, parseLines, recordOf, type Head, type Line } from './checkpoint-lines.ts';
import { SEGMENT } from './segment.ts';

interface Peeked {
  readonly binding: Binding;
  readonly cut: number | undefined;
  readonly torn: boolean;
}

/** A checkpoint in a file: one line per commit (checkpoint-lines.ts), only ever appended to. */
export class CheckpointFile implements Checkpoint, AsyncDisposable {
  readonly path: string;
  readonly start: CheckpointStart;
  readonly #file: FileHandle;
  readonly #lines: readonly Line[];

  private constructor(path: string, file: FileHandle, content: { head: Head; lines: readonly Line[] }) {
    this.path = path;
    this.#file = file;
    this.start = content.head.start;
    this.#lines = content.lines;
  }

  /**
   * Whether a checkpoint lies at `path`, whose it is, the size its file was being cut to, and whether some of the segments
   * have no digest.
   */
  static async peek(path: string): Promise<Peeked | undefined> {
    const content = await contentOf(path);
    const found = content && parseLines(path, content);
    if (!found) return undefined;
    const { head, lines } = found;
    const cut = lines.findLast((line) => line.cut !== undefined)?.cut;
    return { binding: head.binding, cut, torn: lines.some(({ torn }) => torn !== undefined && torn.length > 0) };
  }

  /**
   * Goes on with the checkpoint at `path`, or begins one.
   * @throws DiskferryError `checkpoint-foreign`, `checkpoint-damaged`, `checkpoint-busy`
   */
  static async open(path: string, binding: Binding, begin: () => Promise<CheckpointStart>): Promise<CheckpointFile> {
    const file = await open(path, 'a+', 0o600);
    try {
      if (lockExclusive(file.fd) === false) {
        throw new DiskferryError('checkpoint-busy', `another copy works with ${path}`);
      }
      const found = parseLines(path, await file.readFile());
      if (!found) return new CheckpointFile(path, file, await beginFile({ path, file, binding, start: await begin() }));
      requireSame(path, found.head, binding);
      await file.truncate(found.intact);
      return new CheckpointFile(path, file, found);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get resumed(): boolean {
    return this.#lines.length > 0;
  }

  async *records(): AsyncIterable<CheckpointRecord> {
    for (const line of this.#lines) yield recordOf(line);
  }

  async commit(record: CheckpointRecord): Promise<void> {
    await append(this.#file, lineOf(record));
  }

  /** The copy is done: the disk may now be used, and nothing may go on from here. */
  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

async function beginFile(how: { path: string; file: FileHandle; binding: Binding; start: CheckpointStart }) {
  const head: Head = { diskferry: MARK, segment: SEGMENT, binding: how.binding, start: how.start };
  await how.file.truncate(0);
  await append(how.file, head);
  const folder = await open(dirname(how.path), 'r');
  await folder.sync().finally(() => folder.close());
  return { head, lines: [] };
}

async function append(file: FileHandle, content: Head | Line): Promise<void> {
  await file.appendFile(lineText(content));
  await file.datasync();
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function requireSame(path: string, head: Head, binding: Binding): void {
  const keys = ['source', 'image', 'target'] as const;
  const differing = keys.filter((key) => head.binding[key] !== binding[key]);
  if (head.segment === SEGMENT && differing.length === 0) return;
  const what = differing.map((key) => `${key}: there ${head.binding[key]}, here ${binding[key]}`).join('; ');
  throw new DiskferryError('checkpoint-foreign', `${path} belongs to another copy (${what || 'segment size'})`);
}
