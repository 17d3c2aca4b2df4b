import { useQueryClient } from '@tanstack/react-query';
import type { Location } from '../../../contract/locations.ts';
import type { CompareRow } from '../../../contract/sync.ts';
import { useOpenFolder, useStartHashing } from '../../api/actions.ts';
import { toApiError } from '../../api/api-error.ts';
import { keys } from '../../api/queries.ts';
import { copyText } from '../../ui/copy-text.ts';
import { countOf } from '../../ui/format.ts';
import { noticeDone, noticeFailure } from '../../ui/notices.ts';
import { useHandlers } from '../../ui/use-handlers.ts';
import { loadRange } from './diff-rows.ts';
import type { DiffView } from './diff-view.ts';
import { fullPath } from './full-path.ts';
import type { Selection } from './selection.ts';
import type { Side } from './states.ts';

/** Most entries one request may name. */
const idsPerRequest = 10_000;

interface RowActionsOptions {
  readonly view: DiffView;
  readonly total: number;
  readonly sides: { readonly a: Location; readonly b: Location };
  readonly selection: Selection;
  /** The current row, when nothing is selected. */
  readonly current: CompareRow | undefined;
}

function idsOf(rows: readonly CompareRow[]): string[] {
  return rows.flatMap((row) => [row.a?.id, row.b?.id]).filter((id) => typeof id === 'string');
}

/** What one can do with the selected rows, or else with the current one. */
export function useRowActions({ view, total, sides, selection, current }: RowActionsOptions) {
  const client = useQueryClient();
  const hashing = useStartHashing();
  const { mutate: open } = useOpenFolder();

  const rowsMeant = async (): Promise<readonly CompareRow[]> => {
    if (selection.isAll) return total === 0 ? [] : loadRange(client, view, 0, total - 1);
    if (selection.picked.size > 0) return [...selection.picked.values()];
    return current ? [current] : [];
  };

  const copyPaths = async (side: Side) => {
    const root = sides[side].path;
    const paths = (await rowsMeant()).flatMap((row) => (row[side] ? [fullPath(root, row[side].relPath)] : []));
    await copyText(paths.join('\n'), paths.length === 1 ? 'Path' : countOf(paths.length, 'path'));
  };

  const copyRelPaths = async () => {
    const rows = await rowsMeant();
    await copyText(
      rows.map((row) => row.relPath).join('\n'),
      rows.length === 1 ? 'Path' : countOf(rows.length, 'path'),
    );
  };

  const hashNow = async () => {
    const ids = idsOf(await rowsMeant());
    for (let start = 0; start < ids.length; start += idsPerRequest) {
      await hashing.mutateAsync({ scope: { kind: 'entries', ids: ids.slice(start, start + idsPerRequest) } });
    }
    noticeDone(`Hashing ${countOf(ids.length, 'file')}.`);
    // The rows say which of them wait.
    await client.invalidateQueries({ queryKey: keys.diff });
  };

  const failed = (thrown: unknown) => noticeFailure(toApiError(thrown));
  return useHandlers({
    copyPaths: (side: Side) => void copyPaths(side).catch(failed),
    copyRelPaths: () => void copyRelPaths().catch(failed),
    hashNow: () => void hashNow().catch(failed),
    openFolder: (side: Side) => {
      const entry = current?.[side];
      if (entry) open({ location: sides[side].id, relPath: entry.relPath });
    },
  });
}

export type RowActions = ReturnType<typeof useRowActions>;
