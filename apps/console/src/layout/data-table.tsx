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
  /** In pixels: on a narrower screen it scrolls sideways by itself. */
  minWidth: number;
}

/** Rows of one kind of thing. */
export function DataTable<T extends { id: string }>({ rows, columns, minWidth }: DataTableProps<T>) {
  return (
    <Table.ScrollContainer minWidth={minWidth}>
      <Table verticalSpacing={8} highlightOnHover>
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
            <Table.Tr key={row.id}>
              {columns.map(({ title, cell, align, breaks }) => (
                <Table.Td key={title} ta={align} className={breaks === true ? 'wrap-anywhere' : undefined}>
                  {cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
