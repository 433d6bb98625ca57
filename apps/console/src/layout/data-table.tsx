import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

export interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
  /** The title is for those who cannot see the column; for buttons. */
  hideTitle?: boolean;
  align?: 'right';
  /** May break anywhere; for addresses. */
  breaks?: boolean;
}

interface DataTableProps<T> {
  rows: readonly T[];
  columns: readonly Column<T>[];
  /** In pixels: on a narrower screen it scrolls sideways by itself, on a phone its cells stand below each other. */
  minWidth: number;
}

/** Rows of one kind of thing. */
export function DataTable<T extends { id: string }>({ rows, columns, minWidth }: DataTableProps<T>) {
  return (
    <Table.ScrollContainer minWidth={`calc(${minWidth}px * var(--table-wide, 1))`}>
      <Table verticalSpacing={8} highlightOnHover className="data-table" role="table">
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ title, hideTitle }) => (
              <Table.Th key={title} aria-label={hideTitle === true ? title : undefined}>
                {hideTitle === true ? null : title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id} role="row">
              {columns.map(({ title, hideTitle, cell, align, breaks }) => (
                <Table.Td
                  key={title}
                  role="cell"
                  ta={align}
                  data-title={hideTitle === true ? undefined : title}
                  className={breaks === true ? 'wrap-anywhere' : undefined}
                >
                  <div>{cell(row)}</div>
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
