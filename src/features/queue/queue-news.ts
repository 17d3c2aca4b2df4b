import type { EventLog } from '../../core/events/event-log.ts';
import { createThrottle } from '../../core/events/throttle.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { QueuedTask } from './queued-task.ts';
import type { TaskList } from './task-list.ts';

const progressEveryMs = 100;
/** Changes one event lists. */
const listedInEvent = 100;

/** Tells listeners what changes in the queue. */
export class QueueNews {
  private readonly list: TaskList;
  private readonly events: EventLog;
  private readonly isPaused: () => boolean;
  private readonly throttle: ReturnType<typeof createThrottle>;
  private readonly changed = new Set<QueuedTask>();
  private removed: string[] = [];
  private isDue = false;

  constructor(list: TaskList, isPaused: () => boolean, ports: { readonly events: EventLog; readonly clock: Clock }) {
    this.list = list;
    this.isPaused = isPaused;
    this.events = ports.events;
    this.throttle = createThrottle(ports.clock, progressEveryMs);
  }

  /** What is told in one turn is one event. */
  tell(...tasks: readonly QueuedTask[]): void {
    this.tellAll(tasks);
  }

  tellAll(tasks: Iterable<QueuedTask>): void {
    for (const task of tasks) this.changed.add(task);
    if (this.isDue) return;
    this.isDue = true;
    void Promise.resolve().then(() => this.publish());
  }

  tellRemoved(ids: readonly string[]): void {
    for (const id of ids) this.removed.push(id);
    this.tell();
  }

  tellProgress(running: Iterable<QueuedTask>): void {
    this.throttle(() => {
      const tasks = Array.from(running, (task) => task.describe());
      this.events.publish('queue.progressed', { totals: this.list.totals(), tasks });
    });
  }

  tellEnd(task: QueuedTask): void {
    this.tell(task);
    this.events.publish('queue.finished', task.describe());
  }

  private publish(): void {
    this.isDue = false;
    const shown = [...this.changed].filter((task) => task.state !== 'planned' && this.list.get(task.id) === task);
    this.changed.clear();
    const removed = this.removed.splice(0);
    this.events.publish('queue.changed', {
      paused: this.isPaused(),
      totals: this.list.totals(),
      tasks: shown.slice(0, listedInEvent).map((task) => task.describe()),
      removed: removed.slice(0, listedInEvent),
      all: shown.length > listedInEvent || removed.length > listedInEvent,
    });
  }
}
