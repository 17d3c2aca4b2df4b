import { useEffect, useRef } from 'react';
import { createStore } from './store.ts';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly section: string;
  /** `Mod+k`, `/`, `g s`; left out for commands of the palette alone. */
  readonly keys?: string;
  readonly run: () => void;
  /** Why it cannot run now. */
  readonly disabledReason?: string | undefined;
}

const store = createStore<readonly Command[]>([]);

export function useAllCommands(): readonly Command[] {
  return store.use((commands) => commands);
}

export function allCommands(): readonly Command[] {
  return store.get();
}

function signatureOf(commands: readonly Command[]): string {
  return commands.map(({ id, title, disabledReason }) => `${id}|${title}|${disabledReason ?? ''}`).join('\n');
}

/** Offers commands in the palette, the shortcut sheet and on the keyboard for as long as the component is shown. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const signature = signatureOf(commands);
  useEffect(() => {
    if (signature === '') return;
    const offered = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find(({ id }) => id === command.id)?.run(),
    }));
    store.set([...store.get(), ...offered]);
    return () => store.set(store.get().filter((command) => !offered.includes(command)));
  }, [signature]);
}
