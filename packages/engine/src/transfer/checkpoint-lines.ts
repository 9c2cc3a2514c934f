import { crc32 } from 'node:zlib';
import { DiskferryError } from '../base/errors.ts';
import type { PassPlace } from '../image/image.ts';
import type { Binding, CheckpointRecord, CheckpointStart } from './checkpoint.ts';

/**
 * The lines of a checkpoint file, each with its CRC-32:
 *
 *     6a2f0c11 {"diskferry":"checkpoint 1","segment":4194304,"binding":{…},"start":{…}}
 *     91b3d0aa {"segments":[[0,"ab…"],[1,null]],"zeroed":[[8388608,4194304]],"position":8388608}
 */
export interface Head {
  readonly diskferry: string;
  readonly segment: number;
  readonly binding: Binding;
  readonly start: CheckpointStart;
}

export interface Line {
  readonly segments?: readonly (readonly [number, string | null])[];
  readonly torn?: readonly number[];
  readonly zeroed?: readonly (readonly [number, number])[];
  readonly position?: number;
  readonly place?: PlaceLine;
  readonly cut?: number;
}

/** Bytes are in base64. */
interface PlaceLine {
  readonly packed: number;
  readonly content: number;
  readonly state: string;
  readonly kept: readonly (readonly [number, string])[];
}

export interface Lines {
  readonly head: Head;
  readonly lines: readonly Line[];
  /** Bytes up to the end of the last line that is whole. */
  readonly intact: number;
}

export const MARK = 'checkpoint 1';
const NEWLINE = 0x0a;

/**
 * A last line that is cut off is what a crash leaves, and is dropped; damage before it is an error.
 * @returns undefined where not even the head is there: the copy has not begun
 * @throws DiskferryError `checkpoint-damaged`
 */
export function parseLines(path: string, file: Buffer): Lines | undefined {
  const contents: unknown[] = [];
  let intact = 0;
  while (intact < file.length) {
    const end = file.indexOf(NEWLINE, intact);
    const content = end < 0 ? undefined : contentOf(file.toString('utf8', intact, end));
    if (content === undefined) {
      if (end >= 0 && end < file.length - 1) throw damaged(path, intact);
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

export function lineText(content: Head | Line): string {
  const json = JSON.stringify(content);
  return `${checksum(json)} ${json}\n`;
}

export function lineOf(record: CheckpointRecord): Line {
  return {
    segments: record.segments.map(({ index, digest }) => [index, digest ? Buffer.from(digest).toString('hex') : null]),
    ...(record.torn?.length ? { torn: record.torn.map(({ index }) => index) } : {}),
    zeroed: record.zeroed.map(({ offset, length }) => [offset, length]),
    ...(record.position === undefined ? {} : { position: record.position }),
    ...(record.place && { place: placeLine(record.place) }),
    ...(record.cut === undefined ? {} : { cut: record.cut }),
  };
}

export function recordOf(line: Line): CheckpointRecord {
  return {
    segments: (line.segments ?? []).map(([index, hex]) => ({
      index,
      digest: hex ? Buffer.from(hex, 'hex') : undefined,
    })),
    torn: (line.torn ?? []).map((index) => ({ index })),
    zeroed: (line.zeroed ?? []).map(([offset, length]) => ({ offset, length })),
    ...(line.position === undefined ? {} : { position: line.position }),
    ...(line.place && { place: placeOf(line.place) }),
    ...(line.cut === undefined ? {} : { cut: line.cut }),
  };
}

function placeLine({ mark, kept }: PassPlace): PlaceLine {
  return {
    packed: mark.packedOffset,
    content: mark.contentOffset,
    state: base64(mark.state),
    kept: kept.map(({ offset, bytes }) => [offset, base64(bytes)]),
  };
}

function placeOf({ packed, content, state, kept }: PlaceLine): PassPlace {
  return {
    mark: { packedOffset: packed, contentOffset: content, state: Buffer.from(state, 'base64') },
    kept: kept.map(([offset, bytes]) => ({ offset, bytes: Buffer.from(bytes, 'base64') })),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

function contentOf(line: string): unknown {
  const json = line.slice(9);
  if (line.slice(0, 9) !== `${checksum(json)} `) return undefined;
  return JSON.parse(json);
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}

function damaged(path: string, offset: number): DiskferryError {
  return new DiskferryError('checkpoint-damaged', `${path} is damaged at ${offset}`, { offset });
}
