import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { FolderLook, ListedFolder, Place } from '../../../contract/folders.ts';
import { api } from '../../api/client.ts';

export const lookWords: Readonly<Record<FolderLook, string>> = {
  comfyui: 'ComfyUI',
  'comfyui-models': 'ComfyUI models folder',
  webui: 'Web UI models folder',
  models: 'Holds models',
};

export function usePlaces(): readonly Place[] {
  const { data } = useQuery({
    queryKey: ['places'],
    queryFn: ({ signal }) => api.listPlaces({}, { signal }),
  });
  return data?.places ?? [];
}

/** Folders in a folder, page by page; asked for anew whenever it is opened, since folders come and go. */
export function useFolderListing(path: string | null, hidden: boolean) {
  const query = useInfiniteQuery({
    queryKey: ['folders', path, hidden],
    queryFn: ({ pageParam, signal }) => api.listFolders({ path: path ?? '', hidden, offset: pageParam }, { signal }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.nextOffset,
    enabled: path !== null,
    staleTime: 0,
    retry: false,
    // The list stays while the next one is on its way, and with it the focus.
    placeholderData: keepPreviousData,
  });
  const first = query.data?.pages[0];
  const folders: readonly ListedFolder[] = query.data?.pages.flatMap((page) => page.folders) ?? [];
  return { ...query, first, folders };
}
