interface Shown {
  readonly provider: string;
  readonly region: string;
  readonly zone: string;
  readonly state: string;
  readonly id: string;
  readonly name: string;
  readonly role?: string;
  readonly device?: { readonly path: string; readonly name: string } | null;
}

interface Wanted {
  readonly provider?: string;
  readonly region?: string;
  readonly zone?: string;
  readonly state?: string;
  readonly role?: string;
  /** In the name, the id or what the device is called, whatever the case. */
  readonly text?: string;
}

const EQUAL = ['provider', 'region', 'zone', 'state', 'role'] as const;

export function matching<Thing extends Shown>(things: readonly Thing[], wanted: Wanted): Thing[] {
  const text = wanted.text?.toLowerCase() ?? '';
  return things.filter((thing) => {
    const equal = EQUAL.every((name) => wanted[name] === undefined || wanted[name] === thing[name]);
    const { id, name, device } = thing;
    const names = [id, name, device?.path ?? '', device?.name ?? ''];
    return equal && names.some((one) => one.toLowerCase().includes(text));
  });
}
