import type { EventData, EventType, WeightroomEvent } from '../../contract/events.ts';
import type { Clock } from '../ports/clock.ts';

export type EventListener = (event: WeightroomEvent) => void;

/** Numbered, typed, resumable: terminal and web are two readers of this one stream. */
export interface EventLog {
  /** Random name of this log; numbers of another log mean nothing here. */
  readonly instance: string;
  /** Number of the newest event, 0 before the first. */
  readonly lastSeq: number;
  publish<T extends EventType>(type: T, data: EventData<T>): void;
  /** Calls `listener` for every later event, in order. Returns the way to stop. A throwing listener is dropped. */
  subscribe(listener: EventListener): () => void;
  /** Events after `seq`, oldest first; null when some of them are no longer kept. */
  since(seq: number): readonly WeightroomEvent[] | null;
}

/** @param keep How many events stay available to a reader that reconnects. */
export function createEventLog(clock: Clock, instance: string, keep = 2_000): EventLog {
  const kept: WeightroomEvent[] = [];
  const listeners = new Set<EventListener>();
  let lastSeq = 0;

  return {
    instance,
    get lastSeq() {
      return lastSeq;
    },
    publish(type, data) {
      lastSeq += 1;
      const event = { seq: lastSeq, atMs: clock.nowMs(), type, data } as WeightroomEvent;
      kept.push(event);
      if (kept.length > keep * 2) kept.splice(0, kept.length - keep);
      for (const listener of [...listeners]) {
        try {
          listener(event);
        } catch {
          listeners.delete(listener);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    since(seq) {
      if (seq > lastSeq) return null;
      const firstKept = kept[0]?.seq ?? lastSeq + 1;
      if (seq + 1 < firstKept) return null;
      return kept.slice(kept.length - (lastSeq - seq));
    },
  };
}
