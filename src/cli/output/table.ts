import type { Look, Paint } from './look.ts';
import { displayWidth, printable, truncateMiddle } from './width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Gives way, shortened in the middle, when the table is wider than the terminal. */
  readonly shrinks?: boolean;
  cell(row: Row): string;
  paint?(row: Row): Paint;
}

const gap = '  ';
const narrowest = 8;

/** Lines of a table that fits the terminal. Cells are made harmless to print here. */
export function* renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], look: Look): Iterable<string> {
  const cells = rows.map((row) => columns.map((column) => printable(column.cell(row))));
  const titles = columns.map((column) => column.title);
  const hasTitles = titles.some((title) => title !== '');
  const widths = fitWidths(columns, hasTitles ? [titles, ...cells] : cells, look.columns);
  const line = (texts: readonly string[], paints: readonly (Paint | undefined)[]) =>
    texts
      .map((text, index) => {
        const isLast = index === texts.length - 1;
        const padded = pad(text, widths[index] ?? 0, columns[index]?.align ?? 'left', isLast);
        return paints[index]?.(padded) ?? padded;
      })
      .join(gap)
      .trimEnd();
  if (hasTitles) {
    yield line(
      titles,
      titles.map(() => look.dim),
    );
  }
  for (const [index, row] of rows.entries()) {
    yield line(
      cells[index] ?? [],
      columns.map((column) => column.paint?.(row)),
    );
  }
}

/** Widths that the cells ask for; what is too much is taken off the widest of the shrinking columns. */
function fitWidths(
  columns: readonly { readonly shrinks?: boolean }[],
  lines: readonly (readonly string[])[],
  available: number,
): number[] {
  const widths = columns.map((_, index) => Math.max(0, ...lines.map((line) => displayWidth(line[index] ?? ''))));
  let excess = widths.reduce((sum, width) => sum + width, 0) + gap.length * (columns.length - 1) - available;
  for (; excess > 0; excess -= 1) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const isWider = (widths[index] ?? 0) > (widths[widest] ?? narrowest);
      if (column.shrinks === true && isWider) widest = index;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function pad(text: string, width: number, align: 'left' | 'right', isLast: boolean): string {
  const short = truncateMiddle(text, width);
  const filler = ' '.repeat(Math.max(0, width - displayWidth(short)));
  if (align === 'right') return filler + short;
  return isLast ? short : short + filler;
}
