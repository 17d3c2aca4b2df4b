export const taskKinds = ['copy', 'move', 'delete', 'mirror', 'dedupe'] as const;
export type TaskKind = (typeof taskKinds)[number];

/** `planned`: shown to a person and not asked for yet. `failed`: it ended, and some of its steps failed. */
export const taskStates = ['planned', 'waiting', 'running', 'done', 'failed', 'cancelled'] as const;
export type TaskState = (typeof taskStates)[number];

/** `told`: the step is for information (a conflict, an extra) and is never carried out. */
export const stepStates = ['waiting', 'running', 'done', 'skipped', 'failed', 'cancelled', 'told'] as const;
export type StepState = (typeof stepStates)[number];

/** `conflict`, `unverified`, `moved`, `extra`, `skipped` are only told, with the reason. */
export const stepBuckets = [
  'copy',
  'move',
  'delete',
  'dedupe',
  'conflict',
  'unverified',
  'moved',
  'extra',
  'skipped',
] as const;
