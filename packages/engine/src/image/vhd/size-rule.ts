import { SECTOR } from '../../base/align.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Footer } from './footer.ts';

/**
 * How large a VHD is. Its footer says it twice, and the two often differ: as `current size`, and as a geometry of
 * cylinders, heads and sectors, which cannot express every size.
 *
 * - `footer`: the current size. Hyper-V, Azure, XenServer, VirtualBox and disk2vhd show it to the guest.
 * - `geometry`: C × H × S sectors. Virtual PC showed it, and qemu takes it for every creator it does not list. It is the
 *   smaller one with rare exceptions, so taking it cuts the end off a disk: 33280 bytes of a 40 MiB disk of VirtualBox.
 *
 * We take `footer` unless told otherwise: a disk that is too large by zeros loses nothing.
 */
export type SizeRule = 'footer' | 'geometry';

/** Creators for which qemu 7.2 (block/vpc.c) takes the current size: Hyper-V, qemu with force_size, disk2vhd, Xen. */
const KNOWN_TO_QEMU = ['win ', 'qem2', 'd2v ', 'CTXS', 'tap'];
/** The largest geometry that a footer can hold: it means "larger than a geometry can say". */
const LARGEST_GEOMETRY = 65535 * 16 * 255 * SECTOR;

export interface DiskSize {
  readonly size: number;
  /** Set where qemu-img would give another size. */
  readonly warning: string | undefined;
}

/** @throws DiskferryError `image-damaged` for a size of no bytes or not of whole sectors */
export function diskSize(footer: Footer, rule: SizeRule): DiskSize {
  const geometry = geometrySize(footer);
  const size = rule === 'footer' || geometry === LARGEST_GEOMETRY ? footer.currentSize : geometry;
  if (size === 0 || size % SECTOR !== 0) {
    const message = `the VHD says that its disk has ${size} bytes (by its ${rule}); whole sectors are allowed`;
    throw new DiskferryError('image-damaged', message, { offset: 0 });
  }
  return { size, warning: warningAbout(footer, { geometry, size }) };
}

/** C × H × S in bytes. */
export function geometrySize({ geometry }: Footer): number {
  return geometry.cylinders * geometry.heads * geometry.sectors * SECTOR;
}

function warningAbout(footer: Footer, { geometry, size }: { geometry: number; size: number }): string | undefined {
  const listed = KNOWN_TO_QEMU.includes(footer.creator);
  const qemuSize = listed || geometry === LARGEST_GEOMETRY ? footer.currentSize : geometry;
  if (qemuSize === size) return undefined;
  const sizes = `its footer says ${footer.currentSize} bytes and its geometry ${geometry}`;
  return `the VHD was made by '${footer.creator}': ${sizes}; ${size} is taken, qemu-img takes ${qemuSize}`;
}
