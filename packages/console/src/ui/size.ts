/** What people type as GiB or MiB; 0, which the service refuses with its reason, for what is no number. */
export function gibOf(text: string): number {
  return sizeOf(text, 2 ** 30);
}

export function mibOf(text: string): number {
  return sizeOf(text, 2 ** 20);
}

function sizeOf(text: string, unit: number): number {
  const bytes = Math.round(Number(text) * unit);
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : 0;
}
