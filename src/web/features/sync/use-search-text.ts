import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { createStore } from '../../ui/store.ts';
import { useHandlers } from '../../ui/use-handlers.ts';

const settleMs = 250;

interface SearchTextOptions {
  readonly inAddress: string;
  /** Asks for the rows of a text; settles when they are there, or can't be had. */
  readonly load: (text: string) => Promise<unknown>;
  readonly onSettled: (text: string) => void;
}

/**
 * `typed` is the text in the box, `query` the one whose rows are shown. The page follows when the rows are there: a key
 * draws the letter at once and the page once. The address follows later; when it changes by itself (back, a link), the
 * box follows it.
 */
export function useSearchText({ inAddress, load, onSettled }: SearchTextOptions) {
  const [typed] = useState(() => createStore(inAddress));
  const [query, setQuery] = useState(inAddress);
  const written = useRef(inAddress);
  const latest = useRef(onSettled);
  latest.current = onSettled;

  useEffect(() => {
    if (inAddress === written.current) return;
    written.current = inAddress;
    typed.set(inAddress);
    setQuery(inAddress);
  }, [inAddress, typed]);

  useEffect(() => {
    if (query === written.current) return;
    const timer = window.setTimeout(() => {
      written.current = query;
      latest.current(query);
    }, settleMs);
    return () => window.clearTimeout(timer);
  }, [query]);

  const { setText } = useHandlers({
    setText: (text: string) => {
      // Asked before the letter is drawn: the server works meanwhile.
      const answer = load(text);
      typed.set(text);
      // In the task the answer arrives in: a task of its own would wait behind the frame of the letter.
      const show = () => {
        if (typed.get() === text) flushSync(() => setQuery(text));
      };
      void answer.then(show, show);
    },
  });
  return { typed, query, setText };
}

export type SearchText = ReturnType<typeof useSearchText>;
