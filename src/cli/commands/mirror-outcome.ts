import type { Api } from '../../contract/api.ts';
import { failedItem, skippedItem } from '../output/plan-report.ts';
import type { CarriedOut, ShownPlan } from './carry-out.ts';
import { stepPages } from './task-steps.ts';

interface Amount {
  readonly files: number;
  readonly bytes: number;
}

interface Sums {
  readonly copied: Amount;
  readonly deleted: Amount;
}

export type Mirrored = ShownPlan | (CarriedOut & { readonly sums: Sums | null });

const nothing: Amount = { files: 0, bytes: 0 };

/** What a mirror did, by kind of step. */
export async function sumDone(api: Api, id: string): Promise<Sums> {
  const sums = { copied: nothing, deleted: nothing };
  for await (const steps of stepPages(api, id, { buckets: ['copy', 'delete'], states: ['done'] })) {
    for (const { bucket, size } of steps) {
      const kind = bucket === 'delete' ? 'deleted' : 'copied';
      sums[kind] = { files: sums[kind].files + 1, bytes: sums[kind].bytes + size };
    }
  }
  return sums;
}

/** The document that the reference promises to scripts; keys are only ever added. */
export function mirroredJson({ task, failed, skipped, sums }: Exclude<Mirrored, ShownPlan>) {
  return {
    copied: sums?.copied ?? nothing,
    deleted: sums?.deleted ?? nothing,
    skipped: skipped.map(skippedItem),
    failed: failed.map(failedItem),
    taskId: task?.id ?? null,
  };
}
