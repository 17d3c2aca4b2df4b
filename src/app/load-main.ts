import { exitStatusOf } from '../contract/errors.ts';
import { AppError } from '../core/errors/app-error.ts';

type Main = (words: string[]) => Promise<number>;

/** The program, loaded beside what was started early; where its files cannot be read, a program that says so. */
export async function loadMain(): Promise<Main> {
  try {
    const [{ main }, { stayUntil }] = await Promise.all([import('./main.ts'), import('./stay-until.ts')]);
    return (words) => stayUntil(main(words));
  } catch (thrown) {
    return async (words) => tell(notLoaded(thrown), words.includes('--json'));
  }
}

function notLoaded(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code !== 'EMFILE' && code !== 'ENFILE') {
    return new AppError('INTERNAL', 'Weightroom could not load its own files.', { hint: 'Install it again.', cause });
  }
  return new AppError('TOO_MANY_OPEN_FILES', 'The operating system allows no more open files.', {
    hint: 'Close other programs, or allow more (`ulimit -n`).',
    cause,
  });
}

function tell(error: AppError, asJson: boolean): number {
  const hint = error.hint === undefined ? '' : `hint: ${error.hint}\n`;
  process.stderr.write(asJson ? `${JSON.stringify(error.toBody())}\n` : `error: ${error.message}\n${hint}`);
  return exitStatusOf[error.kind];
}
