import type { KeyboardEvent, ReactNode } from 'react';
import { setPreference, usePreference } from '../../ui/preferences.ts';
import { Splitter } from '../../ui/splitter.tsx';
import type { Panels } from './use-panels.ts';

interface SidePanelsProps {
  readonly panels: Panels;
  /** Back to the rows. */
  readonly onLeaveDetails: () => void;
  readonly tree: ReactNode;
  readonly details: ReactNode;
  /** Over the rows alone: what comes and goes there moves neither folders nor details. */
  readonly above: ReactNode;
  readonly children: ReactNode;
}

/** Folders left, rows in the middle, details right. On a phone the side parts lie over the rows. */
export function SidePanels({ panels, onLeaveDetails, tree, details, above, children }: SidePanelsProps) {
  const treeWidth = usePreference('treeWidth');
  const detailsWidth = usePreference('detailsWidth');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onLeaveDetails();
  };
  return (
    <div className="sync-body" data-narrow={panels.isNarrow || undefined}>
      {panels.isTreeOpen && (
        <>
          <div className="sync-tree" style={panels.isNarrow ? undefined : { width: treeWidth }}>
            {tree}
          </div>
          {!panels.isNarrow && (
            <Splitter
              label="Width of the folder tree"
              width={treeWidth}
              range={[150, 480]}
              grows="right"
              onWidth={(width) => setPreference('treeWidth', width)}
            />
          )}
        </>
      )}
      <div className="sync-main">
        {above}
        <div className="sync-rows">{children}</div>
      </div>
      {panels.isDetailsOpen && (
        <>
          {!panels.isNarrow && (
            <Splitter
              label="Width of the details"
              width={detailsWidth}
              range={[240, 620]}
              grows="left"
              onWidth={(width) => setPreference('detailsWidth', width)}
            />
          )}
          <div
            ref={panels.detailsBox}
            role="region"
            aria-label="About the current row"
            tabIndex={-1}
            className="sync-details"
            style={panels.isNarrow ? undefined : { width: detailsWidth }}
            onKeyDown={onKeyDown}
          >
            {details}
          </div>
        </>
      )}
    </div>
  );
}
