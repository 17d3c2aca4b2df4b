import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';

/** Lays the rows out anew when their height changes; the library keeps sizes until it is told. */
export function useRowMeasure<E extends Element>(virtualizer: Virtualizer<E, Element>, rowHeight: number): void {
  const measured = useRef(rowHeight);
  useEffect(() => {
    if (measured.current === rowHeight) return;
    measured.current = rowHeight;
    virtualizer.measure();
  }, [virtualizer, rowHeight]);
}
