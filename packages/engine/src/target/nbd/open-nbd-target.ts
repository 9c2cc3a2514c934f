import { DiskferryError } from '../../base/errors.ts';
import { isKnownZero } from './allocation.ts';
import { type Export, exportHas } from './export.ts';
import type { NbdAddress } from './nbd-address.ts';
import { NbdConnection, type Patience } from './nbd-connection.ts';
import { NbdTarget } from './nbd-target.ts';

export interface NbdOptions extends Patience {
  /** How many connections to use where the server allows several; default 4. */
  readonly connections?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens an export for writing (NBD protocol, fixed newstyle with its fall-backs; no TLS).
 * @throws DiskferryError `target-unreachable`, `target-not-found`, `target-not-writable`, `target-unsupported`
 */
export async function openNbdTarget(address: NbdAddress, options: NbdOptions = {}): Promise<NbdTarget> {
  const first = await NbdConnection.open(address, options, options.signal);
  const others: NbdConnection[] = [];
  try {
    assertUsable(address.label, first.export);
    const startsZeroed = await isKnownZero(first, first.export.size, options.signal);
    const count = exportHas(first.export, 'canMultiConn') ? (options.connections ?? 4) : 1;
    while (others.length < count - 1) {
      const another = await openAnother(address, first.export, options);
      if (another === undefined) break;
      others.push(another);
    }
    return new NbdTarget(address, [first, ...others], startsZeroed);
  } catch (error) {
    for (const connection of [...others, first]) await connection.close();
    throw error;
  }
}

function assertUsable(label: string, found: Export): void {
  if (exportHas(found, 'readOnly')) {
    throw new DiskferryError('target-not-writable', `${label} is exported read-only`);
  }
  if (!exportHas(found, 'sendFlush') && !exportHas(found, 'sendFua')) {
    throw new DiskferryError('target-unsupported', `${label} offers neither flush nor FUA`, {
      hint: 'Without them nothing that was written is certain; let the server offer flush (nbd-server: flush = true).',
    });
  }
}

/** Servers limit their connections: one that is refused is done without, and so is one that sees another disk. */
async function openAnother(address: NbdAddress, same: Export, options: NbdOptions): Promise<NbdConnection | undefined> {
  try {
    const another = await NbdConnection.open(address, options, options.signal);
    if (another.export.size === same.size && another.export.flags === same.flags) return another;
    await another.close();
    return undefined;
  } catch {
    options.signal?.throwIfAborted();
    return undefined;
  }
}
