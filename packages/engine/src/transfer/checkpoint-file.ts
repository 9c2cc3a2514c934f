import { open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { DiskferryError, systemCode } from '../base/errors.ts';
import { lockExclusive } from '../base/system-calls.ts';
import type { Binding, Checkpoint, CheckpointRecord, CheckpointStart } from './checkpoint.ts';
import { SEGMENT } from './segment.ts';

/**
 * A checkpoint in a file: one line per commit, each with its CRC-32, only ever appended to.
 *
 *     6a2f0c11 {"diskferry":"checkpoint 1","segment":4194304,"binding":{…},"start":{…}}
 *     91b3d0aa {"segments":[[0,"ab…"],[1,null]],"zeroed":[[8388608,4194304]],"position":8388608}
 *
 * A last line that is cut off is what a crash leaves, and is dropped; damage before it is an error.
 */
const MARK = 'checkpoint 1';

interface Head {
  readonly diskferry: string;
  readonly segment: number;
  readonly binding: Binding;
  readonly start: CheckpointStart;
}

interface Line {
  readonly segments?: readonly (readonly [number, string | null])[];
  readonly torn?: readonly number[];
  readonly zeroed?: readonly (readonly [number, number])[];
  readonly position?: number;
  readonly cut?: number;
}

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

  /** Whether a checkpoint lies at `path`, whose it is, and the size its file was being cut to. */
  static async peek(path: string): Promise<{ binding: Binding; cut: number | undefined } | undefined> {
    const text = await textOf(path);
    const found = text === undefined ? undefined : parse(path, text);
    return found && { binding: found.head.binding, cut: found.lines.findLast(({ cut }) => cut !== undefined)?.cut };
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
      const found = parse(path, await file.readFile('utf8'));
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
    await append(this.#file, {
      segments: record.segments.map(({ index, digest }) => [
        index,
        digest ? Buffer.from(digest).toString('hex') : null,
      ]),
      ...(record.torn?.length ? { torn: record.torn.map(({ index }) => index) } : {}),
      zeroed: record.zeroed.map(({ offset, length }) => [offset, length]),
      ...(record.position === undefined ? {} : { position: record.position }),
      ...(record.cut === undefined ? {} : { cut: record.cut }),
    } satisfies Line);
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

async function append(file: FileHandle, content: object): Promise<void> {
  const json = JSON.stringify(content);
  await file.appendFile(`${checksum(json)} ${json}\n`);
  await file.datasync();
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined where not even the head was written: the copy has not begun. */
function parse(path: string, text: string): { head: Head; lines: Line[]; intact: number } | undefined {
  const contents: unknown[] = [];
  let intact = 0;
  while (intact < text.length) {
    const end = text.indexOf('\n', intact);
    const content = end < 0 ? undefined : contentOf(text.slice(intact, end));
    if (content === undefined) {
      if (end >= 0 && end < text.length - 1) throw damaged(path, intact);
      break;
    }
    contents.push(content);
    intact = end + 1;
  }
  const [head, ...lines] = contents as [Head | undefined, ...Line[]];
  if (!head) return undefined;
  if (head.diskferry !== MARK) throw damaged(path, 0);
  return { head, lines, intact };
}

function contentOf(line: string): unknown {
  const json = line.slice(9);
  if (line.slice(0, 9) !== `${checksum(json)} `) return undefined;
  return JSON.parse(json);
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}

function recordOf(line: Line): CheckpointRecord {
  return {
    segments: (line.segments ?? []).map(([index, hex]) => ({
      index,
      digest: hex ? Buffer.from(hex, 'hex') : undefined,
    })),
    torn: (line.torn ?? []).map((index) => ({ index })),
    zeroed: (line.zeroed ?? []).map(([offset, length]) => ({ offset, length })),
    ...(line.position === undefined ? {} : { position: line.position }),
    ...(line.cut === undefined ? {} : { cut: line.cut }),
  };
}

function requireSame(path: string, head: Head, binding: Binding): void {
  const keys = ['source', 'image', 'target'] as const;
  const differing = keys.filter((key) => head.binding[key] !== binding[key]);
  if (head.segment === SEGMENT && differing.length === 0) return;
  const what = differing.map((key) => `${key}: there ${head.binding[key]}, here ${binding[key]}`).join('; ');
  throw new DiskferryError('checkpoint-foreign', `${path} belongs to another copy (${what || 'segment size'})`);
}

function damaged(path: string, offset: number): DiskferryError {
  return new DiskferryError('checkpoint-damaged', `${path} is damaged at ${offset}`, { offset });
}
