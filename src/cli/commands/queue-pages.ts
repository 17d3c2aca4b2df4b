import type { Api } from '../../contract/api.ts';
import type { Queue, Task } from '../../contract/queue.ts';

const pageSize = 1000;

interface Wanted {
  readonly show: 'all' | 'active' | 'finished';
  /** The page at the beginning, when it was asked for already. */
  readonly first?: Queue;
  readonly most?: number;
}

/** Tasks of the queue, page by page. */
export async function* queuePages(
  api: Api,
  { show, first, most = Number.POSITIVE_INFINITY }: Wanted,
): AsyncIterable<readonly Task[]> {
  let page = first ?? (await api.queue({ show, limit: Math.min(pageSize, most) }));
  let offset = 0;
  while (page.tasks.length > 0) {
    yield page.tasks;
    offset += page.tasks.length;
    if (offset >= Math.min(page.total, most)) return;
    page = await api.queue({ show, offset, limit: Math.min(pageSize, most - offset) });
  }
}
