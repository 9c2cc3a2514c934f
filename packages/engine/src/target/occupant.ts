import { KiB, MiB } from '../base/align.ts';
import { type Bytes, readBytes } from '../base/bytes.ts';
import { isZero } from '../base/zero.ts';
import type { Finding } from './occupant/findings.ts';
import { findPartitionTables } from './occupant/partition-tables.ts';
import { findSignatures } from './occupant/signatures.ts';

export type { Finding } from './occupant/findings.ts';

/** What lies on a target before it is overwritten: enough to warn a person, not enough to rely on. */
export interface Occupant {
  /** Every place that was looked at holds zeros. */
  readonly isBlank: boolean;
  /** Empty where it is blank; otherwise at least one, `data` where nothing is known. */
  readonly findings: readonly Finding[];
  /** One sentence for people. */
  readonly sentence: string;
}

/** Holds every superblock that is known here, also that of Btrfs, and the entries of a GPT. */
const HEAD = MiB;
/** Holds the backup of a GPT, the footer of a VHD and the mark of md 0.90 and 1.0. */
const TAIL = 128 * KiB;
/** Places in between, so that a disk with data and a wiped start is not called empty. */
const SAMPLES = 16;
const SAMPLE = 16 * KiB;

/**
 * Looks at the start, the end and a few places in between, less than 2 MiB in all.
 * @throws what reading throws
 */
export async function describeOccupant(target: Bytes, signal?: AbortSignal): Promise<Occupant> {
  const head = await readBytes(target, { offset: 0, length: Math.min(HEAD, target.size) }, signal);
  const tailLength = Math.min(TAIL, target.size);
  const tail = await readBytes(target, { offset: target.size - tailLength, length: tailLength }, signal);
  const findings = [...findPartitionTables(head, tail), ...findSignatures(head), ...findAtEnd(tail, target.size)];
  if (findings.length > 0) return occupantWith(findings);
  if (!isZero(head) || !isZero(tail)) return occupantWith([UNKNOWN]);
  if (!(await areSamplesZero(target, signal))) return occupantWith([UNKNOWN]);
  return { isBlank: true, findings: [], sentence: 'Nothing was seen on it: it holds zeros wherever it was looked at.' };
}

const UNKNOWN: Finding = { kind: 'data', phrase: 'data of an unknown kind' };

function occupantWith(findings: readonly Finding[]): Occupant {
  const phrases = findings.map(({ phrase }) => phrase);
  const last = phrases.pop();
  const list = phrases.length === 0 ? last : `${phrases.join(', ')} and ${last}`;
  return { isBlank: false, findings, sentence: `It holds ${list}.` };
}

async function areSamplesZero(target: Bytes, signal?: AbortSignal): Promise<boolean> {
  for (let index = 1; index <= SAMPLES; index++) {
    const offset = Math.floor((target.size * index) / (SAMPLES + 1) / SAMPLE) * SAMPLE;
    const length = Math.min(SAMPLE, target.size - offset);
    if (!isZero(await readBytes(target, { offset, length }, signal))) return false;
  }
  return true;
}

/** Marks whose place is counted from the end of the disk. */
function findAtEnd(tail: Uint8Array, size: number): Finding[] {
  const findings: Finding[] = [];
  const at = (fromEnd: number, mark: readonly number[]): boolean => {
    const start = tail.length - fromEnd;
    return start >= 0 && mark.every((byte, index) => tail[start + index] === byte);
  };
  const footer = [...Buffer.from('conectix')];
  if (at(512, footer)) findings.push({ kind: 'vpc', phrase: 'a VHD image, as a file' });
  // md 1.0: 8 KiB before the end, rounded down to 4 KiB; md 0.90: 64 KiB before the end, rounded down to 64 KiB.
  const md = [0xfc, 0x4e, 0x2b, 0xa9];
  if (at((size % 4096) + 8192, md)) findings.push({ kind: 'md', phrase: 'a part of an md array (1.0)' });
  if (at((size % 65536) + 65536, md)) findings.push({ kind: 'md', phrase: 'a part of an md array (0.90)' });
  return findings;
}
