import { rowsPerMessage, type ToJournal } from './journal-protocol.ts';

/**
 * Sends messages to the journal's thread in order. What is sent is copied on the event loop, so no more than
 * `rowsPerMessage` rows go in one turn; the rest waits for the next.
 */
export function createJournalOutbox(post: (message: ToJournal) => void): (messages: readonly ToJournal[]) => void {
  const waiting: ToJournal[] = [];
  let rowsLeft = rowsPerMessage;
  let isScheduled = false;

  function drain(): void {
    while (waiting.length > 0 && rowsLeft > 0) {
      const message = waiting.shift();
      if (!message) return;
      rowsLeft -= 'steps' in message ? message.steps.length : 0;
      post(message);
    }
    if (isScheduled || rowsLeft === rowsPerMessage) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      rowsLeft = rowsPerMessage;
      drain();
    });
  }

  return (messages) => {
    waiting.push(...messages);
    drain();
  };
}
