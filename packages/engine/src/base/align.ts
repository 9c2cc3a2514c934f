export const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;
export const TiB = 1024 * GiB;

/** The unit that image formats and disks count in. */
export const SECTOR = 512;

/** The largest multiple of `unit` that is not above `value`. Exact for every safe integer. */
export function alignDown(value: number, unit: number): number {
  return value - (value % unit);
}

/** The smallest multiple of `unit` that is not below `value`. */
export function alignUp(value: number, unit: number): number {
  return alignDown(value + unit - 1, unit);
}

export function isAligned(value: number, unit: number): boolean {
  return value % unit === 0;
}

export function isPowerOfTwo(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0 && Number.isInteger(Math.log2(value));
}
