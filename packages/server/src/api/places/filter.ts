interface Shown {
  readonly provider: string;
  readonly region: string;
  readonly zone: string;
  readonly state: string;
  readonly id: string;
  readonly name: string;
  readonly role?: string;
}

interface Wanted {
  readonly provider?: string;
  readonly region?: string;
  readonly zone?: string;
  readonly state?: string;
  readonly role?: string;
  /** In the name or the id, whatever the case. */
  readonly text?: string;
}

const EQUAL = ['provider', 'region', 'zone', 'state', 'role'] as const;

export function matching<Thing extends Shown>(things: readonly Thing[], wanted: Wanted): Thing[] {
  const text = wanted.text?.toLowerCase() ?? '';
  return things.filter((thing) => {
    const equal = EQUAL.every((name) => wanted[name] === undefined || wanted[name] === thing[name]);
    return equal && (thing.name.toLowerCase().includes(text) || thing.id.toLowerCase().includes(text));
  });
}
