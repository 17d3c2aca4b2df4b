import type { Step } from '../../../contract/queue.ts';
import type { StepState } from '../../../contract/queue-words.ts';
import type { StepBucket } from '../../api/all-steps.ts';

export const stateWords: Readonly<Record<StepState, string>> = {
  waiting: 'waits',
  running: 'under way',
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
  cancelled: 'cancelled',
  told: 'not touched',
};

const wayWords: Readonly<Record<string, string>> = {
  clone: 'cloned on the drive',
  stream: 'copied',
  found: 'was there already',
  rename: 'renamed',
  moved: 'moved',
  staged: 'deleted, can be undone',
  deleted: 'deleted for good',
};

/** What became of a step, or why nothing did. */
export function stepText({ state, message, way, toRelPath }: Step): string {
  const where = toRelPath === null ? '' : ` as ${toRelPath}`;
  if (message !== null && state !== 'done') return message;
  if (state === 'done' && way !== null) return (wayWords[way] ?? way) + where;
  return stateWords[state] + where;
}

interface BucketWords {
  readonly title: string;
  readonly meaning: string;
}

/** Names of the parts of a plan; `src` and `dst` are names of locations. */
export function bucketWords(bucket: StepBucket, src: string, dst: string): BucketWords {
  switch (bucket) {
    case 'copy':
      return { title: `Copy to ${dst}`, meaning: `Missing on ${dst}. Nothing there is overwritten.` };
    case 'move':
      return {
        title: `Move to ${dst}`,
        meaning: `Copied first; each is deleted on ${src} once its copy is verified and durable.`,
      };
    case 'delete':
      return {
        title: `Delete on ${dst}`,
        meaning: 'Each file is looked at again right before; one that changed stays.',
      };
    case 'dedupe':
      return {
        title: 'Duplicates',
        meaning: 'Each is compared with the file that stays right before it goes; whatever is odd stays.',
      };
    case 'conflict':
      return { title: 'Conflicts', meaning: `${dst} has other content under the same path. Never touched.` };
    case 'unverified':
      return {
        title: 'Not verified',
        meaning: 'Same size, other time, not both hashed. Not touched; hashing tells whether they are the same.',
      };
    case 'moved':
      return {
        title: 'Under another path',
        meaning: `${dst} holds the same content under another path: it was moved or renamed there.`,
      };
    case 'extra':
      return { title: `Only on ${dst}`, meaning: 'Stay there: deletes are off.' };
    case 'skipped':
      return { title: 'Skipped', meaning: 'Cannot be done, with the reason in the list.' };
  }
}
