/** The thread that owns catalog.db. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ToCatalog } from '../../platform/sqlite/catalog-protocol.ts';
import { serveCatalog } from '../../platform/sqlite/catalog-thread.ts';

const port = parentPort;
if (port) {
  const { file, nowMs } = workerData as { file: string; nowMs: number };
  const receive = serveCatalog(file, nowMs, (message, transfer) => port.postMessage(message, transfer));
  port.on('message', (message: ToCatalog) => receive(message));
}
