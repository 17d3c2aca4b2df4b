import { Fragment } from 'react';

export const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

const appleSigns: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
const signs: Readonly<Record<string, string>> = {
  Mod: 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Escape: 'Esc',
};

function signOf(key: string): string {
  return (isApple ? appleSigns[key] : undefined) ?? signs[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** `Mod+k` as key caps; `g s` as two keys one after the other. */
export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <span className="kbd-row">
      {keys.split(' ').map((chord, place) => (
        <Fragment key={chord}>
          {place > 0 && <span className="kbd-then">then</span>}
          {chord.split('+').map((key) => (
            <kbd key={key}>{signOf(key)}</kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
