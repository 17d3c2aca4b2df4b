import { type RefObject, useLayoutEffect, useState } from 'react';

/** Left and right of the text of a cell, as in sync.css. */
const cellPadding = 16;

/** Until the browser has laid the list out: 0.6 of the 12 px of a path, and how wide a list is in its window. */
const guess = { letterWidth: 7.2, shareOfWindow: 0.8 } as const;

const measuredLetters = 40;
let sample: HTMLElement | undefined;

/** Of the font of paths, as it is drawn here: zoom, a smallest font size or a wider spacing change it. */
function letterWidthNow(): number {
  if (!sample) {
    sample = document.createElement('span');
    sample.className = 'path-text path-sample';
    sample.ariaHidden = 'true';
    sample.textContent = 'm'.repeat(measuredLetters);
    document.body.append(sample);
  }
  return sample.getBoundingClientRect().width / measuredLetters || guess.letterWidth;
}

function roomOf(listWidth: number, widthBeside: number, letterWidth: number): number {
  return Math.floor((listWidth - widthBeside - cellPadding) / letterWidth);
}

/** How many characters of a path surely have room in its column. */
export function usePathRoom(list: RefObject<HTMLElement | null>, widthBeside: number): number {
  const [room, setRoom] = useState(() =>
    roomOf(window.innerWidth * guess.shareOfWindow, widthBeside, guess.letterWidth),
  );
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const look = () => setRoom(roomOf(element.clientWidth, widthBeside, letterWidthNow()));
    look();
    const onResize = new ResizeObserver(look);
    onResize.observe(element);
    document.fonts.addEventListener('loadingdone', look);
    return () => {
      onResize.disconnect();
      document.fonts.removeEventListener('loadingdone', look);
    };
  }, [list, widthBeside]);
  return room;
}
