import { KiB, MiB } from '../../../base/align.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { u16le, u32le } from '../../../base/endian.ts';
import { damaged, overLimit } from '../../fault.ts';
import { readBounded } from '../../part.ts';
import { readRuns, type FileRun } from '../runs.ts';
import { ATTRIBUTE, attributesOf, dataOf, type Attribute } from './attributes.ts';
import type { NtfsLayout } from './boot-sector.ts';
import { undoFixups } from './fixups.ts';
import { attributeRuns } from './runs.ts';

/** A file in more records is not looked at. */
const PIECE_LIMIT = 128;

export interface FileRecord {
  readonly flags: number;
  readonly attributes: readonly Attribute[];
}

/** The master file table: one record for each file, and more for one that does not fit into one. */
export class FileTable {
  readonly #part: Bytes;
  readonly #layout: NtfsLayout;
  #runs: readonly FileRun[];

  private constructor(part: Bytes, layout: NtfsLayout, runs: readonly FileRun[]) {
    this.#part = part;
    this.#layout = layout;
    this.#runs = runs;
  }

  /** Its first record tells where the table lies; a table in very many pieces has records of its own for that. */
  static async open(part: Bytes, layout: NtfsLayout): Promise<FileTable> {
    const { tableAt, recordSize, clusterSize } = layout;
    const first = await readBounded(part, { offset: tableAt, length: recordSize }, 16 * KiB, 'the file table');
    undoFixups(first, 'FILE');
    const table = new FileTable(part, layout, attributeRuns(dataOf(attributesOf(first)), clusterSize));
    table.#runs = attributeRuns(dataOf((await table.record(0)).attributes), clusterSize);
    return table;
  }

  async record(number: number): Promise<FileRecord> {
    const record = await this.#read(number);
    return { flags: u16le(record, 22), attributes: await this.#withPieces(number, attributesOf(record)) };
  }

  async #read(number: number): Promise<Uint8Array> {
    const { recordSize } = this.#layout;
    const record = new Uint8Array(recordSize);
    await readRuns(this.#part, this.#runs, number * recordSize, record);
    undoFixups(record, 'FILE');
    return record;
  }

  /** The attributes of the records that only continue a file. Lists in those are not followed, so that none can go in circles. */
  async #withPieces(number: number, own: readonly Attribute[]): Promise<readonly Attribute[]> {
    const list = own.find(({ type }) => type === ATTRIBUTE.list);
    if (!list) return own;
    const others = new Set(recordsIn(await this.#content(list)).filter((record) => record !== number));
    if (others.size > PIECE_LIMIT) throw overLimit(`a file in more than ${PIECE_LIMIT} records`);
    const more: Attribute[] = [];
    for (const other of others) {
      const record = await this.#read(other);
      if (recordNumber(record, 32) !== number) throw damaged(`record ${other} does not belong to file ${number}`);
      more.push(...attributesOf(record));
    }
    return [...own, ...more].toSorted((a, b) => a.firstCluster - b.firstCluster);
  }

  async #content(list: Attribute): Promise<Uint8Array> {
    if (list.resident) return list.resident;
    if (list.size > MiB) throw overLimit(`a list of attributes of ${list.size} bytes`);
    const bytes = new Uint8Array(list.size);
    await readRuns(this.#part, attributeRuns([list], this.#layout.clusterSize), 0, bytes);
    return bytes;
  }
}

/** The records that a list of attributes names. An entry that cannot be right ends it. */
function recordsIn(list: Uint8Array): number[] {
  const records: number[] = [];
  for (let at = 0; at + 26 <= list.length;) {
    const length = u16le(list, at + 4);
    if (length < 26) break;
    records.push(recordNumber(list, at + 16));
    at += length;
  }
  return records;
}

/** Six bytes are the number of the record, two count how often it was used. */
function recordNumber(bytes: Uint8Array, at: number): number {
  return u32le(bytes, at) + u16le(bytes, at + 4) * 2 ** 32;
}
