import { useEffect } from 'react';
import { allCommands, type Command } from './commands.ts';
import { isApple } from './kbd.tsx';
import { noticeRefused } from './notices.ts';

const sequenceMs = 900;

/** Letters mean nothing to them. */
const textless: ReadonlySet<string> = new Set(['checkbox', 'radio', 'button', 'submit']);

/** Keys that are pressed there belong to what is written or chosen in it. */
export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !textless.has(target.type);
  return target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName));
}

/** `Mod+k`, `/`, `?`: what was pressed, written as commands write it. */
function pressed(event: KeyboardEvent): string {
  const isMod = isApple ? event.metaKey : event.ctrlKey;
  return `${isMod ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;
}

function runnable(keys: string): Command | undefined {
  return allCommands().find((command) => command.keys === keys && command.disabledReason === undefined);
}

/** These belong to a field as letters do; every other one with Mod works from everywhere. */
const textKeys: ReadonlySet<string> = new Set(['Mod+a']);

/** Why nothing happens: a key that is pressed and says nothing looks broken. */
function refuse(keys: string): void {
  const command = allCommands().find((one) => one.keys === keys);
  if (command?.disabledReason) noticeRefused(`${command.title.replace(/ …$/, '')}: ${command.disabledReason}.`);
}

/** Runs commands by their keys, also two keys in a row (`g s`). Typing in a field is left alone. */
export function useShortcuts(): void {
  useEffect(() => {
    let first = '';
    let firstAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      const keys = pressed(event);
      const isPlain = !keys.startsWith('Mod+') || textKeys.has(keys);
      if (event.defaultPrevented || (isPlain && (isTyping(event.target) || document.querySelector('[role=dialog]'))))
        return;
      const sequence = first !== '' && event.timeStamp - firstAt < sequenceMs ? `${first} ${keys}` : '';
      const command = runnable(sequence) ?? runnable(keys);
      first = command ? '' : keys;
      firstAt = event.timeStamp;
      if (!command) return refuse(keys);
      event.preventDefault();
      command.run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
