import type { ReactNode } from 'react';

/** Names and values side by side; `isWide` where the values are long. */
export function Facts({ isWide = false, children }: { readonly isWide?: boolean; readonly children: ReactNode }) {
  return <dl className={`facts${isWide ? ' wide-facts' : ''}`}>{children}</dl>;
}

/** Nothing where nothing is known: what is not there is not told. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  if (children === null || children === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Plain ones, in their order. */
export function FactRows({ rows }: { readonly rows: readonly (readonly [name: string, value: string | null])[] }) {
  return rows.map(([name, value]) => (
    <Fact key={name} name={name}>
      {value}
    </Fact>
  ));
}
