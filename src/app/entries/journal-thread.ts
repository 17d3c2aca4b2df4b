/** The thread that owns journal.db. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ToJournal } from '../../platform/sqlite/journal-protocol.ts';
import { serveJournal } from '../../platform/sqlite/journal-thread.ts';

const port = parentPort;
if (port) {
  const { file } = workerData as { file: string };
  const receive = serveJournal(file, (message) => port.postMessage(message));
  port.on('message', (message: ToJournal) => receive(message));
}
