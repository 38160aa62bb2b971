import type { ComponentChildren } from 'preact';

/** A column of a table. */
export interface Column<Row> {
  /** Unique in the table. */
  readonly name: string;
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** `end`: numbers. */
  readonly align?: 'start' | 'end';
  /** The column that names its row. */
  readonly heads?: boolean;
  /** Its title is for screen readers only: buttons say what they do. */
  readonly bare?: boolean;
  /** Where its cell stands on a phone: across the card, or in its corner. */
  readonly phone?: 'broad' | 'corner';
}

const classOf = <Row,>({ align, phone }: Column<Row>): string | undefined =>
  [align === 'end' ? 'number' : '', phone ?? ''].join(' ').trim() || undefined;

interface TableProps<Row> {
  /** What the table shows, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
}

/** A table; on phones each row is a card whose cells carry the titles of their columns. */
export const Table = <Row,>({ label, columns, rows, keyOf }: TableProps<Row>) => (
  <div class="table-frame">
    {/* The roles stay when phones lay it out as something else than a table. */}
    <table class="table" role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ name, title, align, bare }) => (
            <th key={name} role="columnheader" scope="col" class={align === 'end' ? 'number' : undefined}>
              {bare === true ? <span class="unseen">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map((column) =>
              column.heads === true ? (
                <th key={column.name} role="rowheader" scope="row">
                  {column.cell(row)}
                </th>
              ) : (
                <td
                  key={column.name}
                  role="cell"
                  class={classOf(column)}
                  data-title={column.bare === true ? undefined : column.title}
                >
                  {column.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
