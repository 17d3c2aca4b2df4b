import type { KeyboardEvent, PointerEvent } from 'react';
import { classes } from './classes.ts';

interface SplitterProps {
  readonly label: string;
  /** Of the sized part: its height when it grows upwards. */
  readonly width: number;
  readonly range: readonly [least: number, most: number];
  /** Which way the sized part grows. */
  readonly grows: 'left' | 'right' | 'up';
  readonly onWidth: (width: number) => void;
  /** Double-click or Enter: back to the usual width. */
  readonly onReset?: () => void;
  /** False: reached by other means than Tab. */
  readonly isTabStop?: boolean;
  readonly className?: string;
}

const keyStep = 16;

const growKeys = { left: 'ArrowLeft', right: 'ArrowRight', up: 'ArrowUp' } as const;
const shrinkKeys = { left: 'ArrowRight', right: 'ArrowLeft', up: 'ArrowDown' } as const;

/** The line between two parts; drag it, or move it with the arrow keys. */
export function Splitter(props: SplitterProps) {
  const { label, width, range, grows, onWidth, onReset, isTabStop = true, className } = props;
  const direction = grows === 'right' ? 1 : -1;
  const placeOf = (event: { clientX: number; clientY: number }) => (grows === 'up' ? event.clientY : event.clientX);
  const resize = (next: number) => onWidth(Math.round(Math.min(range[1], Math.max(range[0], next))));

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const line = event.currentTarget;
    const start = placeOf(event);
    line.setPointerCapture(event.pointerId);
    const onMove = (move: globalThis.PointerEvent) => resize(width + (placeOf(move) - start) * direction);
    line.addEventListener('pointermove', onMove);
    line.addEventListener('lostpointercapture', () => line.removeEventListener('pointermove', onMove), { once: true });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === growKeys[grows]) resize(width + keyStep);
    else if (event.key === shrinkKeys[grows]) resize(width - keyStep);
    else if (event.key === 'Home') resize(range[0]);
    else if (event.key === 'End') resize(range[1]);
    else if (event.key === 'Enter' && onReset) onReset();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      role="separator"
      aria-orientation={grows === 'up' ? 'horizontal' : 'vertical'}
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={range[0]}
      aria-valuemax={range[1]}
      tabIndex={isTabStop ? 0 : -1}
      className={classes('splitter', className)}
      data-grows={grows}
      onPointerDown={onPointerDown}
      onDoubleClick={onReset}
      onKeyDown={onKeyDown}
    />
  );
}
