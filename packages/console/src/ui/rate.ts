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

/** To the byte, with as many digits as that needs: what is only shown and saved again must not change. */
export function rateText(rate: number | null): string {
  if (rate === null) return '';
  const short = String(Number((rate / MIB).toFixed(3)));
  return rateOf(short) === rate ? short : String(rate / MIB);
}
