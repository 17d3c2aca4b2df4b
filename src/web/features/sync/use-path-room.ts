import { type RefObject, useLayoutEffect, useState } from 'react';
import { pathLetterWidth } from '../../ui/path-text.tsx';

/** Left and right of the text of a cell, as in sync.css. */
const cellPadding = 16;

function roomOf(listWidth: number, widthBeside: number): number {
  return Math.floor((listWidth - widthBeside - cellPadding) / pathLetterWidth);
}

/** How wide a list is before the browser has laid it out, of the window. A guess that is mended before it is seen. */
const shareOfWindow = 0.8;

/** How many characters of a path surely have room in its column. */
export function usePathRoom(list: RefObject<HTMLElement | null>, widthBeside: number): number {
  const [room, setRoom] = useState(() => roomOf(window.innerWidth * shareOfWindow, widthBeside));
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const look = () => setRoom(roomOf(element.clientWidth, widthBeside));
    look();
    const onResize = new ResizeObserver(look);
    onResize.observe(element);
    return () => onResize.disconnect();
  }, [list, widthBeside]);
  return room;
}
