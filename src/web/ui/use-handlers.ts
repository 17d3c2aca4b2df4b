import { useRef, useState } from 'react';

type Handlers = Readonly<Record<string, (...args: never[]) => void>>;

/**
 * Handlers that keep their identity while they do what the latest render says, so that a memoised part is not drawn
 * again for them. For events only: a result used while drawing would be that of the render before.
 */
export function useHandlers<H extends Handlers>(handlers: H): H {
  const latest = useRef<Handlers>(handlers);
  latest.current = handlers;
  const [stable] = useState(
    () =>
      Object.fromEntries(
        Object.keys(handlers).map((name) => [name, (...args: never[]) => latest.current[name]?.(...args)]),
      ) as H,
  );
  return stable;
}
