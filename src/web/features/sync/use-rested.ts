import { useEffect, useState } from 'react';

const restMs = 120;

/** A value once it has stopped changing: moving through rows quickly must not ask for each of them. */
export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setRested(value), restMs);
    return () => window.clearTimeout(timer);
  }, [value]);
  return rested;
}
