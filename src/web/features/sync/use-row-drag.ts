import { type RefObject, useEffect, useRef, useState } from 'react';
import { useHandlers } from '../../ui/use-handlers.ts';
import type { Side } from './states.ts';
import type { ChosenTransfer } from './use-transfers.ts';

/** A press that moves less than this is a click. */
const farEnough = 6;

interface RowDragOptions {
  readonly area: RefObject<HTMLElement | null>;
  /** What is dragged from a row; null: nothing. */
  readonly take: (row: HTMLElement) => ChosenTransfer | null;
  readonly onDrop: (chosen: ChosenTransfer, to: Side) => void;
}

export interface RowDrag {
  readonly chosen: ChosenTransfer;
  readonly over: Side | null;
}

interface Press {
  readonly x: number;
  readonly y: number;
  readonly row: HTMLElement;
}

/** Rows are dragged with the mouse over to the half of the other side. By pointer events: rows need nothing of their own. */
export function useRowDrag({ area, take, onDrop }: RowDragOptions) {
  const ghost = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<RowDrag | null>(null);
  const stop = useRef<() => void>(() => undefined);

  const sideAt = (event: { clientX: number; clientY: number }): Side | null => {
    const box = area.current?.getBoundingClientRect();
    if (!box || event.clientY < box.top || event.clientY > box.bottom) return null;
    if (event.clientX < box.left || event.clientX > box.right) return null;
    return event.clientX < box.left + box.width / 2 ? 'a' : 'b';
  };

  const follow = (press: Press) => {
    let chosen: ChosenTransfer | null = null;
    const listening = new AbortController();
    const { signal } = listening;
    const end = () => {
      listening.abort();
      delete document.documentElement.dataset.dragging;
      setDrag(null);
    };
    const onMove = (event: globalThis.PointerEvent) => {
      if (chosen === null) {
        if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < farEnough) return;
        chosen = take(press.row);
        if (chosen === null) return end();
        window.getSelection()?.removeAllRanges();
        document.documentElement.dataset.dragging = '';
      }
      const now = { chosen, over: sideAt(event) };
      setDrag((known) => (known?.over === now.over && known.chosen === now.chosen ? known : now));
      if (ghost.current) ghost.current.style.transform = `translate(${event.clientX + 12}px, ${event.clientY + 12}px)`;
    };
    const onUp = (event: globalThis.PointerEvent) => {
      const to = sideAt(event);
      if (chosen !== null && to !== null) onDrop(chosen, to);
      end();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || chosen === null) return;
      event.preventDefault();
      event.stopPropagation();
      end();
    };
    window.addEventListener('pointermove', onMove, { signal });
    window.addEventListener('pointerup', onUp, { signal });
    window.addEventListener('pointercancel', end, { signal });
    window.addEventListener('blur', end, { signal });
    window.addEventListener('keydown', onKey, { signal, capture: true });
    stop.current = end;
  };

  const { onPointerDown } = useHandlers({
    onPointerDown: (event: globalThis.PointerEvent) => {
      const isPlain = event.button === 0 && event.pointerType === 'mouse' && !event.shiftKey && !event.ctrlKey;
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.diff-row[data-index]') : null;
      if (isPlain && row) follow({ x: event.clientX, y: event.clientY, row });
    },
  });
  useEffect(() => {
    const element = area.current;
    element?.addEventListener('pointerdown', onPointerDown);
    return () => {
      element?.removeEventListener('pointerdown', onPointerDown);
      stop.current();
    };
  }, [area, onPointerDown]);
  return { ghost, drag };
}
