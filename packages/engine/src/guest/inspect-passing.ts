import { MiB } from '../base/align.ts';
import type { Scan } from '../image/image.ts';
import { reasonOf } from './fault.ts';
import { inspectGuest, type InspectOptions } from './inspect-guest.ts';
import { PassedDisk } from './passed-disk.ts';
import type { GuestReport } from './report.ts';

/** How long a beginning may take to come. */
const WAIT_MS = 20_000;
/** The table of partitions and the head of the first one lie within it. */
const VOLUMES_LIMIT = 4 * MiB;

/**
 * Looks at the beginning of a disk that can only be read in one pass: the partition table, and what else lies in front.
 * The rest is unknown, and the report says so. Like `inspectGuest` it throws nothing but an abort.
 */
export async function inspectPassing(
  begin: (signal: AbortSignal) => Promise<Scan>,
  options: InspectOptions = {},
): Promise<GuestReport> {
  const wait = options.wait ?? WAIT_MS;
  const late = AbortSignal.timeout(wait);
  const signal = options.signal ? AbortSignal.any([options.signal, late]) : late;
  let disk = new PassedDisk(undefined);
  let trouble: string | undefined;
  try {
    const scan = await begin(signal);
    disk = new PassedDisk(scan.size);
    for await (const piece of scan.pieces()) {
      if (!disk.keep(piece) || (options.onlyVolumes && disk.seen >= VOLUMES_LIMIT)) break;
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    trouble = late.aborted ? `it took more than ${wait} ms` : reasonOf(error);
  }
  disk.sort();
  const report = await inspectGuest(disk, options);
  const seen = `the image is packed: only its first ${disk.seen} bytes were looked at`;
  return {
    ...report,
    diskSize: disk.size === Number.MAX_SAFE_INTEGER ? null : report.diskSize,
    warnings: [trouble === undefined ? seen : `${seen} (${trouble})`, ...report.warnings],
  };
}
