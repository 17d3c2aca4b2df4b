import { useEffect, useState } from 'react';

const settleMs = 60;

/** A value once it has stopped changing: pages that only fly past while scrolling are not asked for. */
export function useSettled<T extends string>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), settleMs);
    return () => window.clearTimeout(timer);
  }, [value]);
  return settled;
}
