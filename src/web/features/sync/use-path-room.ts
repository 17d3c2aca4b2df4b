import { type RefObject, useLayoutEffect, useState } from 'react';
import { pathLetterWidth } from '../../ui/path-text.tsx';

/** Left and right of the text of a cell, as in sync.css. */
const cellPadding = 16;

/** How many characters of a path surely have room in its column; less than none until the list has a width. */
export function usePathRoom(list: RefObject<HTMLElement | null>, widthBeside: number): number {
  const [room, setRoom] = useState(-1);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const look = () => setRoom(Math.floor((element.clientWidth - widthBeside - cellPadding) / pathLetterWidth));
    look();
    const onResize = new ResizeObserver(look);
    onResize.observe(element);
    return () => onResize.disconnect();
  }, [list, widthBeside]);
  return room;
}
