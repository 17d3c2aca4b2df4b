import type { Journal } from '../core/ports/journal.ts';

/** A journal that is opened by the first call: most commands never look at the queue. */
export function createLazyJournal(open: () => Journal): Journal {
  let opened: Journal | null = null;
  const journal = (): Journal => {
    opened ??= open();
    return opened;
  };
  return {
    loadTasks: () => journal().loadTasks(),
    isPaused: () => journal().isPaused(),
    setPaused: (paused) => journal().setPaused(paused),
    addTask: (task, steps) => journal().addTask(task, steps),
    addSteps: (task, steps) => journal().addSteps(task, steps),
    saveTask: (task) => journal().saveTask(task),
    saveTasks: (tasks) => journal().saveTasks(tasks),
    removeTasks: (ids) => journal().removeTasks(ids),
    steps: (task, query) => journal().steps(task, query),
    countSteps: (task) => journal().countSteps(task),
    saveSteps: (task, changes) => journal().saveSteps(task, changes),
    moveSteps: (task, from, to) => journal().moveSteps(task, from, to),
    close: async () => opened?.close(),
  };
}
