import { useQuery } from '@tanstack/react-query';
import type { HeaderDifference, HeaderSide } from '../../../contract/headers.ts';
import type { Location } from '../../../contract/locations.ts';
import type { CompareRow, RowSide } from '../../../contract/sync.ts';
import { api } from '../../api/client.ts';
import { useRested } from './use-rested.ts';

export interface Headers {
  readonly sides: readonly HeaderSide[];
  /** null: there is nothing to compare with. */
  readonly differences: readonly HeaderDifference[] | null;
  readonly differencesTotal: number;
  readonly isPartial: boolean;
}

const modelName = /\.(?:safetensors|sft|ckpt|pt|pt2|pth|bin|gguf|onnx|pkl)$/i;

interface Both<T> {
  readonly a: T;
  readonly b: T;
}

function readable(side: RowSide | null, location: Location): string | null {
  if (side === null || side.kind === 'folder' || location.state.kind === 'offline') return null;
  return modelName.test(side.relPath) ? side.id : null;
}

async function load(a: string | null, b: string | null, signal: AbortSignal): Promise<Headers> {
  if (a !== null && b !== null) {
    const { a: one, b: other, ...compared } = await api.compareHeaders({ a, b }, { signal });
    return { sides: [one, other], ...compared };
  }
  const side = await api.readHeader({ id: a ?? b ?? '' }, { signal });
  return { sides: [side], differences: null, differencesTotal: 0, isPartial: false };
}

/** What the model files of a row say of themselves; `wanted` is false where there is no model file within reach. */
export function useHeaders(row: CompareRow, locations: Both<Location>) {
  const a = readable(row.a, locations.a);
  const b = readable(row.b, locations.b);
  // Changed files are read anew.
  const version = [row.a?.mtimeMs, row.a?.size, row.b?.mtimeMs, row.b?.size].join('/');
  const key = `${a} ${b} ${version}`;
  const rested = useRested(key);
  const wanted = a !== null || b !== null;
  const query = useQuery({
    queryKey: ['headers', a, b, version],
    queryFn: ({ signal }) => load(a, b, signal),
    enabled: wanted && rested === key,
    staleTime: 60_000,
    retry: false,
  });
  return { ...query, wanted };
}
