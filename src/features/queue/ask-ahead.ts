/**
 * Asks for what follows while something is under way. That goes on to its end where asking fails: `end` throws it then.
 *
 * @param more Left out: nothing follows.
 */
export function askAhead<T>(more: (() => Promise<readonly T[]>) | undefined) {
  let asked: Promise<readonly T[]> = Promise.resolve([]);
  return {
    ask:
      more &&
      ((): Promise<readonly T[]> => {
        asked = more();
        return asked.catch(() => []);
      }),
    /** When nothing is asked any more. */
    async end(): Promise<void> {
      await asked;
    },
  };
}
