import type { Api } from '../../contract/api.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import type { Problem, RefreshResult } from '../../contract/indexing.ts';
import { AppError, cancelled } from '../../core/errors/app-error.ts';
import type { Session } from '../command.ts';
import { pagesOf } from '../output/pages.ts';
import { followEngine } from '../output/progress.ts';

/** Left out of the index by rule, and said so; everything else in the list is a file or folder that failed to be read. */
const skippedByRule: ReadonlySet<ErrorCode> = new Set(['SPECIAL_FILE', 'LINK_LOOP', 'LINK_BROKEN', 'LINK_ESCAPES']);

export function isFailure(problem: Problem): boolean {
  return !skippedByRule.has(problem.code);
}

/** Reads locations again and waits; all of them when none is named. */
export async function refreshAndWait(
  session: Session,
  locations: readonly string[],
  folder?: string,
): Promise<readonly RefreshResult[]> {
  const engine = await session.engine({ willRead: true });
  const inputs = locations.length === 0 ? [{}] : locations.map((location) => ({ location, folder }));
  const results = await followEngine(engine, session.progress, () =>
    Promise.all(inputs.map((input) => engine.api.refreshIndex({ ...input, wait: true }, { signal: session.signal }))),
  );
  const refreshed = results.flatMap((result) => result.locations);
  if (refreshed.some(({ outcome }) => outcome === 'cancelled')) throw cancelled('The refresh');
  return refreshed;
}

/** Why a location could not be read again, as an error to stop with; undefined when it was. */
export function failureOf(result: RefreshResult): AppError | undefined {
  const { id, message } = result;
  switch (result.outcome) {
    case 'done':
      return undefined;
    case 'cancelled':
      return cancelled('The refresh');
    case 'running':
      return new AppError('SCAN_RUNNING', message ?? `A refresh of ${id} is already running.`);
    case 'offline':
      return new AppError('LOCATION_OFFLINE', message ?? `${id} cannot be reached.`, {
        hint: 'Mount or plug it in, or correct its path, then try again; `--no-refresh` compares what the index remembers.',
      });
    case 'attention':
      return new AppError('LOCATION_SHRUNKEN', message ?? `${id} has lost more than half of its files at once.`, {
        hint: `If they are really gone, confirm it: weightroom location accept ${id}`,
      });
  }
}

export async function listAllProblems(api: Api, locations: readonly (string | undefined)[], signal: AbortSignal) {
  const problems: Problem[] = [];
  for (const location of locations) {
    const pages = pagesOf((cursor) => api.listProblems({ location, cursor, limit: 1000 }, { signal }));
    for await (const page of pages) problems.push(...page.problems);
  }
  return problems;
}
