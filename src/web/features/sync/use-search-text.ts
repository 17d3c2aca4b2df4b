import { useEffect, useRef, useState } from 'react';

const settleMs = 250;

/**
 * The text of the search box, ahead of the address while one types; the address follows. When the address changes by
 * itself (back, a link), the box follows it.
 */
export function useSearchText(inAddress: string, onSettled: (text: string) => void) {
  const [text, setText] = useState(inAddress);
  const written = useRef(inAddress);
  const latest = useRef(onSettled);
  latest.current = onSettled;

  useEffect(() => {
    if (inAddress === written.current) return;
    written.current = inAddress;
    setText(inAddress);
  }, [inAddress]);

  useEffect(() => {
    if (text === written.current) return;
    const timer = window.setTimeout(() => {
      written.current = text;
      latest.current(text);
    }, settleMs);
    return () => window.clearTimeout(timer);
  }, [text]);

  return [text, setText] as const;
}
