const MIB = 2 ** 20;
/** As many bytes a second as the service takes. */
const MOST = Number.MAX_SAFE_INTEGER / MIB;

/** What people type as MiB a second; nothing means that there is no limit. */
export function isRate(text: string): boolean {
  if (text.trim() === '') return true;
  const typed = Number(text);
  return typed > 0 && typed < MOST && Math.round(typed * MIB) >= 1;
}

export function rateOf(text: string): number | null {
  return text.trim() === '' ? null : Math.round(Number(text) * MIB);
}

export function rateText(rate: number | null): string {
  return rate === null ? '' : String(Number((rate / MIB).toFixed(3)));
}
