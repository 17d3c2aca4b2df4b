/** The thread of a transfer process that reads, writes and changes files. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { carryOutOrders } from '../../core/transfers/carry-out-orders.ts';
import { createDirectBlockHasher } from '../../core/transfers/direct-block-hasher.ts';
import { createNodeChangingFileSystem } from '../../platform/filesystem/node-changing-file-system.ts';
import { createSyncsBeside } from '../../platform/filesystem/syncs-beside.ts';
import type { BlockRing } from '../../platform/hash-workers/block-ring.ts';
import { loadHashers } from '../../platform/hash-workers/hashers.ts';
import { createRingBlockHasher } from '../../platform/hash-workers/ring-block-hasher.ts';
import { createCopyWork, type FromCopyThread, type ToCopyThread } from '../transfer-host/copy-work.ts';
import { type ControlWords, notePulse } from '../transfer-host/transfer-control.ts';
import { watchFileSystem } from '../transfer-host/watched-file-system.ts';

const port = parentPort;
if (port) {
  const { control, ring } = workerData as { control: ControlWords; ring: BlockRing | null };
  const say = (message: FromCopyThread): void => port.postMessage(message);
  const onPause = (): void => notePulse(control);
  const syncs = createSyncsBeside({ post: say, onReturn: onPause });
  const hashers = await loadHashers();
  const carryOut = createCopyWork({
    fs: watchFileSystem(createNodeChangingFileSystem({ onPause, syncs }), control),
    blocks: ring ? createRingBlockHasher(ring, hashers) : createDirectBlockHasher(hashers),
    control,
    say,
    receive: () => (receiveMessageOnPort(port)?.message as ToCopyThread | undefined) ?? null,
    carryOut: carryOutOrders,
  });
  port.on('message', (message: ToCopyThread) => carryOut(message));
  say({ type: 'ready' });
}
