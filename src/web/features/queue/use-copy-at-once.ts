import { useEffect } from 'react';
import { useQueueCopy } from '../../api/actions.ts';
import { type CopyRequest, takeRequests } from '../../api/transfer-requests.ts';
import { noticeFailure } from '../../ui/notices.ts';
import { useHandlers } from '../../ui/use-handlers.ts';
import { isCopiedAtOnce } from './copy-at-once.ts';
import { useStartNotice } from './start-notices.ts';
import type { NameOf } from './task-words.ts';

const nothingToDo = {
  message: 'There was nothing to copy.',
  hint: 'Refresh both sides to see how they are now.',
};

/** Begins small plain copies as soon as they are asked for. */
export function useCopyAtOnce(nameOf: NameOf): void {
  const { mutateAsync } = useQueueCopy();
  const sayStarted = useStartNotice(nameOf);
  const { copy } = useHandlers({
    copy: ({ src, dst, files }: CopyRequest) => {
      mutateAsync({ srcSide: src, dstSide: dst, ...files })
        .then(({ task }) => (task ? sayStarted(task) : noticeFailure(nothingToDo)))
        // The action has told of its failure.
        .catch(() => undefined);
    },
  });
  useEffect(
    () =>
      takeRequests((request) => {
        if (!isCopiedAtOnce(request)) return false;
        copy(request);
        return true;
      }),
    [copy],
  );
}
