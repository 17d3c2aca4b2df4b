import { type DragEvent, useState } from 'react';
import type { Task } from '../../../contract/queue.ts';

interface DragOrderOptions {
  readonly count: number;
  readonly taskAt: (index: number) => Task | undefined;
  readonly onDrop: (task: Task, before: Task | null) => void;
}

function rowUnder(event: DragEvent): { index: number; isLowerHalf: boolean } | null {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
  if (!row) return null;
  const { top, height } = row.getBoundingClientRect();
  return { index: Number(row.dataset.index), isLowerHalf: event.clientY > top + height / 2 };
}

/** Waiting tasks are dragged to another place among the waiting ones. */
export function useDragOrder({ count, taskAt, onDrop }: DragOrderOptions) {
  const [dragged, setDragged] = useState<Task | null>(null);
  const [gap, setGap] = useState<number | null>(null);
  const stop = () => {
    setDragged(null);
    setGap(null);
  };
  return {
    /** Index of the row above which the dragged task would go; null: nowhere. */
    gap,
    handlers: {
      onDragStart(event: DragEvent) {
        const row = rowUnder(event);
        const task = row && taskAt(row.index);
        if (task?.state !== 'waiting') return;
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', task.id);
        setDragged(task);
      },
      onDragOver(event: DragEvent) {
        const row = rowUnder(event);
        if (!dragged || !row || taskAt(row.index)?.state !== 'waiting') return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
        setGap(row.index + (row.isLowerHalf ? 1 : 0));
      },
      onDragEnd: stop,
      onDrop(event: DragEvent) {
        event.preventDefault();
        const before = gap === null || gap >= count ? null : (taskAt(gap) ?? null);
        if (dragged && gap !== null && before?.id !== dragged.id) onDrop(dragged, before);
        stop();
      },
    },
  };
}
