/** The thread that owns catalog.db. */
import { parentPort } from 'node:worker_threads';
import { totalsOfStored } from '../../core/catalog/stored-totals.ts';
import type { FromCatalog, OpenCatalog, ToCatalog } from '../../platform/sqlite/catalog-protocol.ts';
import { serveCatalog } from '../../platform/sqlite/catalog-thread.ts';

const port = parentPort;
const say = (message: FromCatalog, transfer: ArrayBuffer[]): void => port?.postMessage(message, transfer);
let receive = (_message: ToCatalog): void => {};
port?.on('message', (message: OpenCatalog | ToCatalog) => {
  if (message.op === 'open') receive = serveCatalog(message, totalsOfStored, say);
  else receive(message);
});
