const note = 'note: This command waits for something that may never come, which is a bug. Ctrl+C ends it.\n';
/** The longest that a timer takes. */
const longestMs = 2 ** 31 - 1;

/**
 * Resolves with `work`, and keeps the program until then. Node ends a program whose event loop has nothing to wait for,
 * in the middle of a command, and with status 0 where the launcher has loaded it; this one says so and stays.
 */
export async function stayUntil<T>(work: Promise<T>): Promise<T> {
  let stay: NodeJS.Timeout | undefined;
  const onEmpty = (): void => {
    if (stay === undefined) process.stderr.write(note);
    stay ??= setInterval(() => {}, longestMs);
  };
  process.on('beforeExit', onEmpty);
  try {
    return await work;
  } finally {
    process.off('beforeExit', onEmpty);
    clearInterval(stay);
  }
}
