export type Paint = (text: string) => string;

/** How text output looks in the terminal at hand. */
export interface Look {
  /** Infinity: nothing is shortened. */
  readonly columns: number;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly blue: Paint;
}

export function createLook({ columns, color }: { columns: number; color: boolean }): Look {
  const paint = (start: number, end: number): Paint =>
    color ? (text) => `\u001b[${start}m${text}\u001b[${end}m` : (text) => text;
  return {
    columns,
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    yellow: paint(33, 39),
    green: paint(32, 39),
    blue: paint(34, 39),
  };
}
