import { notifyManager, QueryCache, QueryClient } from '@tanstack/react-query';
import { access } from './access.ts';
import { ApiError } from './api-error.ts';

function shouldRetry(failures: number, error: Error): boolean {
  return error instanceof ApiError && error.code === 'UNREACHABLE' && failures < 2;
}

// Answers are drawn in the task they arrive in, not in a later one.
notifyManager.setScheduler(queueMicrotask);

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError(error) {
      if (error instanceof ApiError && error.code === 'FORBIDDEN') access.refuse();
    },
  }),
  defaultOptions: {
    // Events say when something changed; asking again on focus would only add work.
    queries: { staleTime: Infinity, retry: shouldRetry, refetchOnWindowFocus: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});
