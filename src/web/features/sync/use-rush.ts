import { useEffect, useRef, useState } from 'react';
import { useHandlers } from '../../ui/use-handlers.ts';

/** Milliseconds. Two jumps so close together are one movement: a wheel, a dragged scroll bar, a key held down. */
const together = 120;
/** Milliseconds in which nothing must move until rows are drawn as a whole again. */
const restMs = 150;

interface Rush {
  /** Rows pass so fast that nobody reads them. */
  readonly isRushing: boolean;
  /** At each scroll event: where it leads, and the height of what is in sight. */
  readonly moved: (top: number, height: number, now: number) => void;
}

/** Whether a second jump of more than half of what is in sight followed the first at once. */
export function isRush(jumps: readonly { readonly by: number; readonly at: number }[], height: number): boolean {
  const [before, last] = jumps.slice(-2);
  if (!before || !last || last.at - before.at > together) return false;
  return before.by > height / 2 && last.by > height / 2;
}

export function useRush(): Rush {
  const [isRushing, setIsRushing] = useState(false);
  const jumps = useRef<readonly { by: number; at: number }[]>([]);
  const top = useRef(0);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const handlers = useHandlers({
    moved: (next: number, height: number, now: number) => {
      const by = Math.abs(next - top.current);
      jumps.current = [...jumps.current.slice(-1), { by, at: now }];
      top.current = next;
      // Rows do not change their looks from jump to jump; where it slows down they are whole again soon.
      const goesOn = isRushing && by > height / 4;
      if (!goesOn && !isRush(jumps.current, height)) return;
      setIsRushing(true);
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => setIsRushing(false), restMs);
    },
  });
  return { isRushing, ...handlers };
}
