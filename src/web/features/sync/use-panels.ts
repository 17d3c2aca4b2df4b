import { useMemo, useRef } from 'react';
import { setPreference, usePreference } from '../../ui/preferences.ts';
import { useHandlers } from '../../ui/use-handlers.ts';
import { useMedia } from '../../ui/use-media.ts';

/** Folder tree and details beside the rows: open where the window has room, until one chooses otherwise. */
export function usePanels() {
  const isNarrow = useMedia('(max-width: 760px)');
  const isWide = useMedia('(min-width: 1500px)');
  const chosen = usePreference('detailsOpen');
  const tree = usePreference('treeOpen');
  const isDetailsOpen = chosen ?? isWide;
  const isTreeOpen = tree ?? !isNarrow;
  const detailsBox = useRef<HTMLDivElement>(null);
  const handlers = useHandlers({
    /** Opens them and gives them the keyboard. */
    showDetails: () => {
      setPreference('detailsOpen', true);
      requestAnimationFrame(() => detailsBox.current?.focus());
    },
    setDetailsOpen: (isOpen: boolean) => setPreference('detailsOpen', isOpen),
    toggleDetails: () => setPreference('detailsOpen', !isDetailsOpen),
    setTreeOpen: (isOpen: boolean) => setPreference('treeOpen', isOpen),
    toggleTree: () => setPreference('treeOpen', !isTreeOpen),
  });
  return useMemo(
    () => ({ isNarrow, isDetailsOpen, isTreeOpen, detailsBox, ...handlers }),
    [isNarrow, isDetailsOpen, isTreeOpen, handlers],
  );
}

export type Panels = ReturnType<typeof usePanels>;
