import type { ReactNode } from 'react';

/** A list as a table. Cells are what `columns` make of a row; `onOpen` makes rows clickable. */
export function Table<Row>({
  rows,
  columns,
  rowKey,
  onOpen,
}: {
  rows: Row[];
  columns: { title: string; cell: (row: Row) => ReactNode; right?: boolean }[];
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
}) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left">
        <thead>
          <tr className="border-b border-line text-xs text-muted">
            {columns.map(({ title, right }) => (
              <th key={title} className={`px-4 py-2 font-medium ${right ? 'text-right' : ''}`}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              onClick={onOpen ? () => onOpen(row) : undefined}
              className={`border-b border-line last:border-0 ${onOpen ? 'cursor-pointer hover:bg-raised/60' : ''}`}
            >
              {columns.map(({ title, cell, right }) => (
                <td key={title} className={`px-4 py-2.5 align-middle ${right ? 'text-right' : ''}`}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
