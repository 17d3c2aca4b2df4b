import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Api } from '../../contract/api.ts';
import { noticeFailure } from '../ui/notices.ts';
import { toApiError } from './api-error.ts';
import { api } from './client.ts';
import { keys } from './queries.ts';

type ActionName = Exclude<keyof Api, 'diff' | 'diffFolders' | 'listEntries'>;
type InputOf<K extends ActionName> = Parameters<Api[K]>[0];
type OutputOf<K extends ActionName> = Awaited<ReturnType<Api[K]>>;

/** A call that changes something. Its failure is shown until dismissed; `isQuiet` leaves that to the caller. */
function useAction<K extends ActionName>(name: K, refreshes: readonly (readonly string[])[], isQuiet = false) {
  const client = useQueryClient();
  return useMutation<OutputOf<K>, Error, InputOf<K>>({
    mutationFn: (input) => (api[name] as (input: InputOf<K>) => Promise<OutputOf<K>>)(input),
    onError: (error) => {
      if (!isQuiet) noticeFailure(toApiError(error));
    },
    onSettled: () => Promise.all(refreshes.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export const useRefreshIndex = () => useAction('refreshIndex', [keys.locations]);
export const useCancelRefresh = () => useAction('cancelRefresh', [keys.locations]);
export const useOpenFolder = () => useAction('openFolder', []);
export const useStartHashing = () => useAction('hash', [keys.hashing]);
export const useControlHashing = () => useAction('hashControl', [keys.hashing]);
export const useAddLocation = () => useAction('addLocation', [keys.locations], true);
export const useEditLocation = () => useAction('editLocation', [keys.locations], true);
export const useSetUpLocations = () => useAction('setUpLocations', [keys.locations, keys.diff], true);
export const useOpenDemo = () => useAction('openDemo', [keys.locations, keys.diff]);
export const useChangeSettings = () => useAction('changeSettings', [keys.settings], true);
export const useRemoveLocation = () => useAction('removeLocation', [keys.locations, keys.diff]);
export const useCheckLocation = () => useAction('checkLocation', [keys.locations]);
export const useAcceptLocation = () => useAction('acceptLocation', [keys.locations, keys.diff]);

export const usePauseQueue = () => useAction('pauseQueue', [keys.queue]);
export const useResumeQueue = () => useAction('resumeQueue', [keys.queue]);
export const useCancelTasks = () => useAction('cancelTasks', [keys.queue]);
export const useRetryTasks = () => useAction('retryTasks', [keys.queue]);
export const useRemoveTasks = () => useAction('removeTasks', [keys.queue]);
export const useReorderTask = () => useAction('reorderTask', [keys.queue]);
export const useClearFinished = () => useAction('clearFinished', [keys.queue]);
export const useUndoTask = () => useAction('undoTask', [keys.queue]);
export const useQueueCopy = () => useAction('queueCopy', [keys.queue]);
