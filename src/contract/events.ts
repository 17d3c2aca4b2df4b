import { z } from 'zod';
import { dedupeScanSchema } from './dedupe.ts';
import { hashProgressSchema } from './hashing.ts';
import { refreshResultSchema } from './indexing.ts';
import { locationIdSchema, locationSchema } from './locations.ts';
import { queueTotalsSchema, taskIdSchema, taskSchema } from './queue.ts';

/** Every event the engine publishes: `type: [data schema, meaning]`. Past tense names what happened. */
export const eventTypes = {
  'location.changed': [locationSchema, 'A location was added, edited, or its state or totals changed.'],
  'location.removed': [z.object({ id: locationIdSchema }), 'A location was forgotten.'],
  'index.progressed': [
    z.object({
      location: locationIdSchema,
      files: z.int(),
      bytes: z.number(),
      foldersLeft: z.int().describe('Folders known and not yet read.'),
      folder: z.string().describe('Folder being read.'),
    }),
    'A refresh is running; ten times a second at most.',
  ],
  'index.finished': [refreshResultSchema, 'A refresh ended, for whatever reason.'],
  'compare.changed': [
    z.object({ locations: z.array(locationIdSchema) }),
    'Rows that involve these locations may have changed; ask again.',
  ],
  'hash.progressed': [hashProgressSchema, 'Hashing moved on; ten times a second at most.'],
  'queue.changed': [
    z.object({
      paused: z.boolean(),
      totals: queueTotalsSchema,
      tasks: z
        .array(taskSchema)
        .describe('Tasks that came, went to another state or place, or stand still; 100 at most.'),
      removed: z.array(taskIdSchema),
      all: z.boolean().describe('More changed than is listed: ask again.'),
    }),
    'The queue changed.',
  ],
  'queue.progressed': [
    z.object({ totals: queueTotalsSchema, tasks: z.array(taskSchema).describe('Those that run.') }),
    'Running tasks moved on; ten times a second at most.',
  ],
  'queue.finished': [taskSchema, 'A task ended: done, failed or cancelled.'],
  'dedupe.progressed': [dedupeScanSchema, 'A scan for duplicates moved on; ten times a second at most.'],
  'dedupe.finished': [dedupeScanSchema, 'A scan for duplicates ended: done, failed or cancelled.'],
  'hash.finished': [hashProgressSchema, 'All hashing that was asked for has ended.'],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

export type EventType = keyof typeof eventTypes;
export type EventData<T extends EventType> = z.infer<(typeof eventTypes)[T][0]>;

/** One numbered event. Numbers grow by one for the life of the process. */
export type WeightroomEvent = {
  readonly [T in EventType]: {
    readonly seq: number;
    readonly atMs: number;
    readonly type: T;
    readonly data: EventData<T>;
  };
}[EventType];

export type EventMessage =
  | WeightroomEvent
  | { readonly type: 'reset'; readonly seq: number; readonly instance: string };
