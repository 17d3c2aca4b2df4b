/** A process that carries out transfers between two drives. It ends with the program that started it. */
import type { ToTransferHost } from '../../platform/processes/transfer-protocol.ts';
import { endAtOnce } from '../transfer-host/copy-threads.ts';
import { startTransferHost } from '../transfer-host/transfer-host.ts';

const receive = startTransferHost((message) => {
  if (process.connected) process.send?.(message);
});
process.on('message', (message: ToTransferHost) => receive(message));
process.on('disconnect', endAtOnce);
// Ctrl+C reaches the whole process group; the program decides what to do about it.
process.on('SIGINT', () => {});
