import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly key: string;
  readonly title: ReactNode;
  /** Said before the value where there is no room for a table; the title, unless that is no text. */
  readonly label?: string;
  readonly show: (row: Row) => ReactNode;
  readonly className?: string;
}

interface Props<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** For the widths of columns, where several tables stand below each other. */
  readonly className?: string;
}

/** A table; on a narrow screen each row becomes a card, by the style sheet alone. */
export function DataTable<Row>({ label, rows, columns, keyOf, className = '' }: Props<Row>) {
  return (
    <table className={`data-table ${className}`.trimEnd()} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ key, title, className }) => (
            <th key={key} scope="col" className={className}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ key, title, label: said, show, className }) => (
              <td key={key} className={className} data-label={said ?? (typeof title === 'string' ? title : '')}>
                {show(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
