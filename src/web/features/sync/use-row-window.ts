import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useHandlers } from '../../ui/use-handlers.ts';
import { useRush } from './use-rush.ts';

/** Rows before and after those in sight that are in the page too. */
const overscan = 4;
/** The window moves by whole steps, so that slow scrolling draws only now and then. */
const step = 4;
/** What is in sight of a list before the browser has laid it out: the page around it takes the rest of the window. */
const shareOfWindow = 0.7;
/** So long a new list must stay until the rows around those in sight are drawn: who types sees none of them. */
const restMs = 300;

interface Span {
  readonly first: number;
  readonly last: number;
}

interface RowWindowOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  /** Another one: another list. */
  readonly listKey: string;
  readonly count: number;
  readonly rowHeight: number;
  /** Of the head that stays at the top of the scroller. */
  readonly headHeight: number;
  /** Row that is in sight at first. */
  readonly startAt: number;
}

export interface RowWindow {
  /** First and last row to draw; `last` is less than `first` when there is none. */
  readonly span: Span;
  /** Rows pass so fast that nobody reads them. */
  readonly isRushing: boolean;
  /** Scrolls as little as is needed to see a row. */
  readonly reveal: (index: number) => void;
  readonly scrollByRows: (rows: number) => void;
  readonly scrollToTop: () => void;
  /** First row that is in sight as a whole. */
  readonly topRow: () => number;
}

export function spanOf(top: number, height: number, rowHeight: number): Span {
  const from = Math.floor(top / rowHeight) - overscan;
  const to = Math.ceil((top + height) / rowHeight) + overscan;
  return { first: Math.max(0, Math.floor(from / step) * step), last: Math.ceil(to / step) * step - 1 };
}

/** Those in sight alone. */
export function sightOf(top: number, height: number, rowHeight: number): Span {
  return { first: Math.floor(top / rowHeight), last: Math.ceil((top + height) / rowHeight) - 1 };
}

/** The same number of rows at the end of the list when it has become shorter than where one was. */
export function clampSpan({ first, last }: Span, count: number): Span {
  if (last < count) return { first, last };
  return { first: Math.max(0, Math.min(first, count - 1 - (last - first))), last: count - 1 };
}

/** Whether a list has been there for a while; `rest` says that it counts as such at once. */
function useRested(listKey: string, atFirst: boolean): { readonly isRested: boolean; readonly rest: () => void } {
  const [restedKey, setRestedKey] = useState(atFirst ? listKey : null);
  const isRested = restedKey === listKey;
  useEffect(() => {
    if (isRested) return;
    const timer = window.setTimeout(() => setRestedKey(listKey), restMs);
    return () => window.clearTimeout(timer);
  }, [isRested, listKey]);
  return { isRested, ...useHandlers({ rest: () => setRestedKey(listKey) }) };
}

/**
 * Which rows of equal height are in sight of a scroller. It draws within the scroll event, so that new rows are painted
 * in the frame that shows their place.
 */
export function useRowWindow(options: RowWindowOptions): RowWindow {
  const { scroller, listKey, count, rowHeight, headHeight, startAt } = options;
  const { isRested, rest } = useRested(listKey, startAt > 0);
  const [span, setSpan] = useState(() =>
    spanOf(Math.max(0, startAt - overscan) * rowHeight, window.innerHeight * shareOfWindow, rowHeight),
  );
  const { isRushing, moved } = useRush();
  /** null: nothing that was measured. */
  const shown = useRef<Span | null>(null);
  // Asking the element for it after rows were drawn would make the browser lay them out at once.
  const scrollTop = useRef(0);
  const sightHeight = useRef(window.innerHeight * shareOfWindow);

  const look = useCallback(
    (draw: (next: Span) => void) => {
      const element = scroller.current;
      if (!element) return;
      scrollTop.current = element.scrollTop;
      sightHeight.current = element.clientHeight - headHeight;
      const next = spanOf(scrollTop.current, sightHeight.current, rowHeight);
      if (next.first === shown.current?.first && next.last === shown.current.last) return;
      shown.current = next;
      draw(next);
    },
    [scroller, headHeight, rowHeight],
  );

  // A list that is still on the way is too short to scroll to the row that the address names.
  const isPlaced = useRef(startAt === 0);
  useLayoutEffect(() => {
    if (isPlaced.current || count <= startAt || !scroller.current) return;
    isPlaced.current = true;
    const { clientHeight } = scroller.current;
    scroller.current.scrollTop = startAt * rowHeight - Math.max(0, clientHeight - headHeight) / 3;
    look(setSpan);
  }, [count, startAt, rowHeight, headHeight, scroller, look]);

  // Other row height: the same rows stay in sight.
  const drawnHeight = useRef(rowHeight);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || drawnHeight.current === rowHeight) return;
    element.scrollTop = (element.scrollTop / drawnHeight.current) * rowHeight;
    drawnHeight.current = rowHeight;
    look(setSpan);
  }, [rowHeight, scroller, look]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onScroll = () =>
      flushSync(() => {
        rest();
        moved(element.scrollTop, sightHeight.current, performance.now());
        look(setSpan);
      });
    const onResize = new ResizeObserver(() => look(setSpan));
    element.addEventListener('scroll', onScroll, { passive: true });
    onResize.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      onResize.disconnect();
    };
  }, [scroller, look, rest, moved]);

  const scrollTo = useCallback(
    (top: number) => {
      if (scroller.current) scroller.current.scrollTop = top;
      look(setSpan);
    },
    [scroller, look],
  );

  const reveal = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (!element) return;
      const height = element.clientHeight - headHeight;
      const top = index * rowHeight;
      if (top < scrollTop.current) scrollTo(top);
      else if (top + rowHeight > scrollTop.current + height) scrollTo(top + rowHeight - height);
    },
    [scroller, headHeight, rowHeight, scrollTo],
  );

  const scrollByRows = useCallback(
    (rows: number) => scrollTo(scrollTop.current + rows * rowHeight),
    [rowHeight, scrollTo],
  );
  const scrollToTop = useCallback(() => {
    if (scrollTop.current !== 0) scrollTo(0);
  }, [scrollTo]);
  const topRow = useCallback(() => Math.ceil(scrollTop.current / rowHeight), [rowHeight]);

  const drawn = isRested ? span : sightOf(scrollTop.current, sightHeight.current, rowHeight);
  return { span: clampSpan(drawn, count), isRushing, reveal, scrollByRows, scrollToTop, topRow };
}
