import { useRef } from 'react';
import { setPreference, usePreference } from '../../ui/preferences.ts';
import { useMedia } from '../../ui/use-media.ts';

/** Folder tree and details beside the rows: open where the window has room, until one chooses otherwise. */
export function usePanels() {
  const isNarrow = useMedia('(max-width: 760px)');
  const isWide = useMedia('(min-width: 1500px)');
  const chosen = usePreference('detailsOpen');
  const tree = usePreference('treeOpen');
  const isDetailsOpen = chosen ?? isWide;
  const setDetailsOpen = (isOpen: boolean) => setPreference('detailsOpen', isOpen);
  const isTreeOpen = tree ?? !isNarrow;
  const setTreeOpen = (isOpen: boolean) => setPreference('treeOpen', isOpen);
  const detailsBox = useRef<HTMLDivElement>(null);
  return {
    isNarrow,
    detailsBox,
    /** Opens them and gives them the keyboard. */
    showDetails: () => {
      setDetailsOpen(true);
      requestAnimationFrame(() => detailsBox.current?.focus());
    },
    isDetailsOpen,
    setDetailsOpen,
    toggleDetails: () => setDetailsOpen(!isDetailsOpen),
    isTreeOpen,
    setTreeOpen,
    toggleTree: () => setTreeOpen(!isTreeOpen),
  };
}

export type Panels = ReturnType<typeof usePanels>;
