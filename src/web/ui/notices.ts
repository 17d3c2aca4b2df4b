import { createStore } from './store.ts';

export interface Notice {
  readonly id: number;
  readonly tone: 'done' | 'failed';
  readonly title: string;
  readonly hint: string | undefined;
}

const store = createStore<readonly Notice[]>([]);
const doneStaysMs = 5_000;
let lastId = 0;

function add(notice: Omit<Notice, 'id'>): number {
  const isShown = store.get().some((one) => one.title === notice.title && one.tone === notice.tone);
  lastId += 1;
  if (!isShown) store.set([...store.get(), { ...notice, id: lastId }]);
  return lastId;
}

export function dismissNotice(id: number): void {
  store.set(store.get().filter((notice) => notice.id !== id));
}

/** Stays until it is dismissed. */
export function noticeFailure(failure: { message: string; hint?: string | undefined }): void {
  add({ tone: 'failed', title: failure.message, hint: failure.hint });
}

/** Goes by itself. */
export function noticeDone(title: string): void {
  const id = add({ tone: 'done', title, hint: undefined });
  window.setTimeout(() => dismissNotice(id), doneStaysMs);
}

export function useNotices(): readonly Notice[] {
  return store.use((state) => state);
}
