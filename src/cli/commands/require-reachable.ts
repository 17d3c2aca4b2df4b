import { AppError } from '../../core/errors/app-error.ts';
import type { Session } from '../command.ts';
import { canWaitLong } from './wait-for-task.ts';

/**
 * Before a plan is carried out that was made earlier: a drive that is away would fail every file of it, and use it up. A
 * person beside a running server can wait for the drive instead.
 *
 * @throws AppError LOCATION_OFFLINE, LOCATION_SHRUNKEN
 */
export async function requireReachable(locations: readonly (string | null)[], session: Session): Promise<void> {
  const engine = await session.engine();
  if (canWaitLong(engine, session)) return;
  const ids = [...new Set(locations)].filter((id) => id !== null);
  const states = await Promise.all(ids.map(async (id) => (await engine.api.checkLocation({ id })).state));
  for (const [k, state] of states.entries()) {
    if (state.kind === 'offline') {
      throw new AppError('LOCATION_OFFLINE', state.message, {
        hint: 'Nothing was changed. Mount or plug it in, or correct its path, then run the command again.',
      });
    }
    if (state.kind === 'attention') {
      throw new AppError('LOCATION_SHRUNKEN', state.message, {
        hint: `If they are really gone, confirm it: weightroom location accept ${ids[k]}`,
      });
    }
  }
}
