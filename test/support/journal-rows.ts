import type { JournalStep, JournalTask } from '../../src/core/ports/journal.ts';

export function journalTask(id: string, changes: Partial<JournalTask> = {}): JournalTask {
  return {
    id,
    kind: 'copy',
    state: 'planned',
    position: 1,
    src: 'local',
    dst: 'lake',
    createdMs: 1_700_000_000_123,
    startedMs: null,
    finishedMs: null,
    details: '{}',
    ...changes,
  };
}

export function journalStep(n: number, changes: Partial<JournalStep> = {}): JournalStep {
  return {
    n,
    bucket: 'copy',
    state: 'waiting',
    relPath: `loras/style-${n}.safetensors`,
    from: null,
    toRelPath: null,
    size: 1_000 + n,
    mtimeNs: 1_700_000_000_123_456_789n,
    fileId: BigInt(n) + 7n,
    blake3: null,
    attempts: 0,
    code: null,
    message: null,
    way: null,
    extra: null,
    ...changes,
  };
}

export function journalSteps(count: number, from = 0): JournalStep[] {
  return Array.from({ length: count }, (_, k) => journalStep(from + k));
}
