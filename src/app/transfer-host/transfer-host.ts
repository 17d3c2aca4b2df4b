import { availableParallelism } from 'node:os';
import { createBlockRing } from '../../platform/hash-workers/block-ring.ts';
import type { FromTransferHost, ToTransferHost } from '../../platform/processes/transfer-protocol.ts';
import { CopyThreads, startThread } from './copy-threads.ts';
import { TransferRun } from './transfer-run.ts';

const aliveEveryMs = 500;

/**
 * Answers the messages of `transfer-protocol.ts`. Orders are carried out by threads that block on drives, hashing is done
 * by another, and syncs by libuv's pool, for which nobody here waits; this one only speaks, so it hears of a cancel and of
 * the end of the program at any time.
 */
export function startTransferHost(say: (message: FromTransferHost) => void): (message: ToTransferHost) => void {
  const processors = availableParallelism();
  const ring = processors > 1 ? createBlockRing() : null;
  let run: TransferRun | null = null;
  const threads = new CopyThreads({
    ring,
    say: (message) => (message.type === 'ready' ? say(message) : run?.take(message)),
  });
  if (ring) startThread('block-hash-thread', { ring });

  function tellPosition(): void {
    const position = threads.movedTo();
    if (position === null) return;
    const location = run?.locations[position.location] ?? '';
    say({ type: 'alive', id: position.run, location, isFlushing: position.isFlushing });
  }

  setInterval(tellPosition, aliveEveryMs);
  return (message) => {
    switch (message.op) {
      case 'run':
        run = new TransferRun({ ...message, sideBySide: Math.min(message.sideBySide, processors) }, threads, say);
        return run.add(message);
      case 'more':
        return run?.id === message.id ? run.add(message) : undefined;
      case 'cancel':
        return run?.id === message.id ? run.cancel() : undefined;
      case 'pause':
        return threads.pause(message.paused);
    }
  };
}
