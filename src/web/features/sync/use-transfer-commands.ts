import { type Command, useCommands } from '../../ui/commands.ts';
import type { Pair } from './choose-pair.ts';
import type { Side } from './states.ts';
import { otherSide, whyNoDirection } from './transfer-target.ts';
import type { ChosenTransfer, Transfers } from './use-transfers.ts';

const section = 'Transfer';
const keysOf = { a: '>', b: '<' } as const;
const arrows = { a: '→', b: '←' } as const;

interface TransferCommandsOptions {
  readonly chosen: ChosenTransfer;
  readonly pair: Pair;
  readonly folder: string;
  readonly transfers: Transfers;
}

export function whyNoMirror({ a, b }: Pair): string | null {
  const away = [a, b].find(({ state }) => state.kind === 'offline');
  return away ? `${away.name} is offline` : null;
}

/** A key that was pressed in the queue is not meant for the rows. */
function unlessInQueue(command: Command): Command {
  return {
    ...command,
    run: () => {
      if (!document.activeElement?.closest('.queue-panel')) command.run();
    },
  };
}

/** Copy, move, delete and mirror, for palette and keyboard. */
export function useTransferCommands({ chosen, pair, folder, transfers }: TransferCommandsOptions): void {
  const { target, why } = chosen;
  const onSide = (from: Side): readonly Command[] => [
    {
      id: `copy-from-${from}`,
      title: `Copy to ${pair[otherSide[from]].name} ${arrows[from]}`,
      section,
      keys: keysOf[from],
      run: () => transfers.copy(target, from),
      disabledReason: why.copy[from] ?? undefined,
    },
    {
      id: `move-from-${from}`,
      title: `Move to ${pair[otherSide[from]].name} …`,
      section,
      run: () => transfers.move(target, from),
      disabledReason: why.move[from] ?? undefined,
    },
    {
      id: `delete-on-${from}`,
      title: `Delete on ${pair[from].name} …`,
      section,
      run: () => transfers.remove(target, [from]),
      disabledReason: why.remove[from] ?? undefined,
    },
  ];
  const canDelete = why.remove.a === null || why.remove.b === null;
  const commands: readonly Command[] = [
    {
      id: 'copy-over',
      title: 'Copy to the side that lacks it',
      section,
      keys: 'c',
      run: () => transfers.copyOver(target),
      disabledReason: whyNoDirection(why) ?? undefined,
    },
    ...onSide('a'),
    ...onSide('b'),
    {
      id: 'delete',
      title: 'Delete …',
      section,
      keys: 'Delete',
      run: () => transfers.remove(target),
      disabledReason: canDelete ? undefined : (why.remove.a ?? undefined),
    },
    {
      id: 'mirror',
      title: folder === '' ? 'Mirror everything …' : `Mirror ${folder} …`,
      section,
      keys: 'm',
      run: () => transfers.mirror(folder),
      disabledReason: whyNoMirror(pair) ?? undefined,
    },
  ];
  useCommands(commands.map(unlessInQueue));
}
