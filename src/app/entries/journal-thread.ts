/** The thread that owns journal.db. */
import { parentPort } from 'node:worker_threads';
import type { FromJournal, OpenJournal, ToJournal } from '../../platform/sqlite/journal-protocol.ts';
import { serveJournal } from '../../platform/sqlite/journal-thread.ts';

const port = parentPort;
const say = (message: FromJournal): void => port?.postMessage(message);
let receive = (_message: ToJournal): void => {};
port?.on('message', (message: OpenJournal | ToJournal) => {
  if (message.op === 'open') receive = serveJournal(message.file, say);
  else receive(message);
});
