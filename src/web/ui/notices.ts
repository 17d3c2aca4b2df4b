import { createStore } from './store.ts';

export interface Notice {
  readonly id: number;
  readonly tone: 'done' | 'failed';
  readonly title: string;
  readonly hint: string | undefined;
  readonly action?: NoticeAction | undefined;
}

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

const store = createStore<readonly Notice[]>([]);
const doneStaysMs = 5_000;
const actionStaysMs = 12_000;
let lastId = 0;

/** The same words are not said twice at once, unless another thing would be done by their button. */
function add(notice: Omit<Notice, 'id'>): number {
  const isOwn = notice.tone === 'done' && notice.action !== undefined;
  const isShown = !isOwn && store.get().some((one) => one.title === notice.title && one.tone === notice.tone);
  lastId += 1;
  if (!isShown) store.set([...store.get(), { ...notice, id: lastId }]);
  return lastId;
}

export function dismissNotice(id: number): void {
  store.set(store.get().filter((notice) => notice.id !== id));
}

/** Stays until it is dismissed. */
export function noticeFailure(failure: { message: string; hint?: string | undefined }, action?: NoticeAction): number {
  return add({ tone: 'failed', title: failure.message, hint: failure.hint, action });
}

/** Goes by itself; what can still be done about it leaves more time for it. */
export function noticeDone(title: string, action?: NoticeAction): number {
  const id = add({ tone: 'done', title, hint: undefined, action });
  window.setTimeout(() => dismissNotice(id), action ? actionStaysMs : doneStaysMs);
  return id;
}

/** Goes by itself: nothing was tried, so nothing went wrong. */
export function noticeRefused(title: string): number {
  const id = add({ tone: 'failed', title, hint: undefined });
  window.setTimeout(() => dismissNotice(id), doneStaysMs);
  return id;
}

export function useNotices(): readonly Notice[] {
  return store.use((state) => state);
}
