import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { formatExactBytes } from './format.ts';
import { formatTime } from './format-time.ts';
import { Kbd } from './kbd.tsx';

interface Tip {
  readonly text: string;
  readonly keys: string | undefined;
  readonly anchor: DOMRect;
}

const delayMs = 350;
const gap = 6;

/** With `data-tip-if-cut` the tip only tells what has no room. A part within a line of text has no width of its own. */
function isNeeded(element: HTMLElement): boolean {
  if (element.dataset.tipIfCut === undefined) return true;
  return [element, ...element.querySelectorAll('*')].some(
    ({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1,
  );
}

/** Sizes and times are written out when they are asked for, not in every row that scrolls by. */
function textOf({ dataset }: HTMLElement): string | undefined {
  if (dataset.tipBytes !== undefined) return formatExactBytes(Number(dataset.tipBytes));
  if (dataset.tipTime !== undefined) return formatTime(Number(dataset.tipTime));
  return dataset.tip;
}

const hasTip = '[data-tip], [data-tip-bytes], [data-tip-time]';

function tipOf(element: HTMLElement): Tip | null {
  const text = textOf(element);
  if (!text || !isNeeded(element)) return null;
  return { text, keys: element.dataset.tipKeys, anchor: element.getBoundingClientRect() };
}

/** The tip under the pointer, or of the element that the keyboard reached. */
function useTip(): Tip | null {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => {
    let timer: number | undefined;
    let current: Element | null = null;
    const hide = () => {
      window.clearTimeout(timer);
      current = null;
      setTip(null);
    };
    const show = (event: Event) => {
      const found = event.target instanceof Element ? event.target.closest<HTMLElement>(hasTip) : null;
      if (found && found === current) return;
      hide();
      if (!found || (event.type === 'focusin' && !found.matches(':focus-visible'))) return;
      current = found;
      timer = window.setTimeout(() => setTip(tipOf(found)), delayMs);
    };
    document.addEventListener('pointerover', show);
    document.addEventListener('focusin', show);
    const ends = ['pointerdown', 'keydown', 'scroll', 'focusout', 'pointerleave'] as const;
    for (const name of ends) document.addEventListener(name, hide, { capture: true, passive: true });
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener('pointerover', show);
      document.removeEventListener('focusin', show);
      for (const name of ends) document.removeEventListener(name, hide, { capture: true });
    };
  }, []);
  return tip;
}

/**
 * The one tooltip of the page: any element with `data-tip` (text), `data-tip-bytes` or `data-tip-time` (milliseconds)
 * has it. One for all keeps 200,000 rows free of per-row components.
 */
export function TipLayer() {
  const tip = useTip();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!tip || !box.current) return;
    const { width, height } = box.current.getBoundingClientRect();
    const left = Math.min(Math.max(gap, tip.anchor.left + tip.anchor.width / 2 - width / 2), innerWidth - width - gap);
    const isBelow = tip.anchor.bottom + gap + height < innerHeight;
    const top = isBelow ? tip.anchor.bottom + gap : tip.anchor.top - gap - height;
    box.current.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }, [tip]);
  if (!tip) return null;
  return (
    <div ref={box} role="tooltip" className="tip">
      <span>{tip.text}</span>
      {tip.keys && <Kbd keys={tip.keys} />}
    </div>
  );
}
