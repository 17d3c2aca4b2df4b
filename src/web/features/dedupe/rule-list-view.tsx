import { ArrowDown, ArrowUp, GripVertical, X } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, useRef, useState } from 'react';
import type { DedupeRule } from '../../../contract/dedupe.ts';
import { IconButton } from '../../ui/button.tsx';
import { moveRule, placeAfterDrop, removeRule, ruleKey, ruleText } from './rule-list.ts';
import type { NameOf } from './scan-words.ts';

interface RuleListProps {
  readonly rules: readonly DedupeRule[];
  readonly nameOf: NameOf;
  readonly onChange: (rules: readonly DedupeRule[]) => void;
}

function gapUnder(event: DragEvent): number | null {
  const chip = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-place]') : null;
  if (!chip) return null;
  const { top, height } = chip.getBoundingClientRect();
  return Number(chip.dataset.place) + (event.clientY > top + height / 2 ? 1 : 0);
}

/** Dragging a rule to another place of the list. */
function useDragRules({ rules, onChange }: Pick<RuleListProps, 'rules' | 'onChange'>) {
  const [dragged, setDragged] = useState<string | null>(null);
  const [gap, setGap] = useState<number | null>(null);
  const stop = () => {
    setDragged(null);
    setGap(null);
  };
  return {
    gap,
    start(event: DragEvent, key: string) {
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', key);
      setDragged(key);
    },
    handlers: {
      onDragOver(event: DragEvent) {
        const next = gapUnder(event);
        if (dragged === null || next === null) return;
        event.preventDefault();
        setGap(next);
      },
      onDrop(event: DragEvent) {
        event.preventDefault();
        const from = rules.findIndex((rule) => ruleKey(rule) === dragged);
        if (dragged !== null && gap !== null && from !== -1)
          onChange(moveRule(rules, dragged, placeAfterDrop(from, gap)));
        stop();
      },
      onDragEnd: stop,
    },
  };
}

/** The rules in their order; dragged, or moved with Alt and the arrow keys. */
export function RuleList({ rules, nameOf, onChange }: RuleListProps) {
  const list = useRef<HTMLOListElement>(null);
  const [said, setSaid] = useState('');
  const drag = useDragRules({ rules, onChange });

  const moveTo = (key: string, to: number) => {
    const next = moveRule(rules, key, to);
    if (next === rules) return;
    onChange(next);
    const place = next.findIndex((rule) => ruleKey(rule) === key);
    const rule = next[place];
    if (rule) setSaid(`${ruleText(rule, nameOf)}: now at place ${place + 1} of ${next.length}.`);
  };
  const remove = (key: string, place: number) => {
    onChange(removeRule(rules, key));
    list.current?.children[place === 0 ? 1 : place - 1]?.querySelector('button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, key: string, place: number) => {
    if (event.altKey && event.key === 'ArrowUp') moveTo(key, place - 1);
    else if (event.altKey && event.key === 'ArrowDown') moveTo(key, place + 1);
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(key, place);
    else return;
    event.preventDefault();
  };

  if (rules.length === 0)
    return <p className="rules-empty">No rules: only groups that you decide yourself are touched.</p>;
  return (
    <>
      <ol className="rules" ref={list} aria-label="Rules in their order" {...drag.handlers}>
        {rules.map((rule, place) => {
          const key = ruleKey(rule);
          const text = ruleText(rule, nameOf);
          return (
            <li
              key={key}
              className="rule"
              data-place={place}
              data-kind={rule.kind}
              data-gap={
                drag.gap === place
                  ? 'above'
                  : drag.gap === rules.length && place === rules.length - 1
                    ? 'below'
                    : undefined
              }
              draggable
              onDragStart={(event) => drag.start(event, key)}
            >
              <button
                type="button"
                className="rule-main"
                aria-label={`${text}, ${place + 1} of ${rules.length}. Alt and arrow keys move it, Delete removes it.`}
                data-tip={text}
                data-tip-if-cut=""
                onKeyDown={(event) => onKeyDown(event, key, place)}
              >
                <GripVertical size={13} aria-hidden />
                <span className="rule-text">{text}</span>
              </button>
              <IconButton
                icon={ArrowUp}
                label={`Move up: ${text}`}
                disabled={place === 0}
                onClick={() => moveTo(key, place - 1)}
              />
              <IconButton
                icon={ArrowDown}
                label={`Move down: ${text}`}
                disabled={place === rules.length - 1}
                onClick={() => moveTo(key, place + 1)}
              />
              <IconButton icon={X} label={`Remove: ${text}`} onClick={() => remove(key, place)} />
            </li>
          );
        })}
      </ol>
      <p className="sr-only" role="status">
        {said}
      </p>
    </>
  );
}
