import { AppError } from '../errors/app-error.ts';

/** A cursor is the position of the next row.
 *
 * @throws AppError INVALID_INPUT */
export function parseCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,12}$/.test(cursor))
    throw new AppError('INVALID_INPUT', 'The cursor is not one that this program gave out.');
  return Number(cursor);
}
