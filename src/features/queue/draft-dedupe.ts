import type { KeeperChoice } from '../../core/dedupe/choose-keepers.ts';
import { type DuplicateFile, type DuplicateGroup, firstNameOf } from '../../core/dedupe/duplicate-group.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { DedupeAction, DedupeCheck } from '../../core/ports/transfer-files.ts';
import { emptyDraft, type PlanDraft, type StepDraft } from '../../core/transfers/plan-draft.ts';
import { formatDedupeStep, placeKey } from './dedupe-step.ts';

export interface DedupeWish {
  readonly scanId: string;
  readonly action: DedupeAction;
  readonly groups: readonly DuplicateGroup[];
  readonly choices: readonly KeeperChoice[];
  /** How a victim and its keeper are compared right before. */
  readonly checkOf: (victim: DuplicateFile, keeper: DuplicateFile, group: DuplicateGroup) => DedupeCheck;
  /** Milliseconds since 1970; see `DedupeOrder.hashedAfterMs`. */
  readonly hashedAfterMs: number;
}

/**
 * What removing duplicates comes down to, step by step. Believes nothing of whoever chose: every group keeps a file that
 * no step touches, and what stays for one step is no victim of another.
 *
 * @throws AppError INVALID_INPUT
 */
export function draftDedupe(wish: DedupeWish): PlanDraft {
  const kept = new Set<string>();
  const going = new Set<string>();
  const steps: StepDraft[] = [];
  const locations = new Map<string, number>();
  for (const choice of wish.choices) {
    const group = wish.groups[choice.group];
    if (group === undefined) throw refused(`There is no group ${choice.group}.`);
    requireSound(group, choice);
    for (const { index, keeper, frees } of withFrees(group, choice)) {
      const [victim, stays] = [fileAt(group, index), fileAt(group, keeper)];
      for (const name of namesOf(stays)) kept.add(name);
      for (const name of namesOf(victim)) going.add(name);
      locations.set(victim.location, (locations.get(victim.location) ?? 0) + group.size);
      locations.set(stays.location, locations.get(stays.location) ?? 0);
      steps.push(stepOf(group, victim, { stays, frees, check: wish.checkOf(victim, stays, group) }));
    }
  }
  if (steps.length === 0) throw refused('There is nothing to do: every file stays.');
  for (const name of going) if (kept.has(name)) throw refused('A file that stays for one group goes for another.');
  const [src = ''] = [...locations].sort(([, x], [, y]) => y - x).map(([location]) => location);
  const { scanId, action, hashedAfterMs } = wish;
  return {
    ...emptyDraft,
    kind: 'dedupe',
    src,
    dst: null,
    what: steps.length === 1 ? (steps[0]?.relPath ?? '') : '',
    steps: inOrder(steps).map((step) => ({ ...step, from: step.from === src ? null : step.from })),
    dedupe: { scanId, action, hashedAfterMs, locations: [...locations.keys()] },
  };
}

function requireSound(group: DuplicateGroup, { group: number, keep, victims }: KeeperChoice): void {
  const stays = new Set(keep);
  const goes = new Set(victims.map(({ index }) => index));
  const first = new Set(keep.map((index) => firstNameOf(group, index)));
  const isSound =
    group.size > 0 &&
    stays.size > 0 &&
    goes.size === victims.length &&
    keep.every((index) => group.files[index] !== undefined) &&
    victims.every(
      ({ index, keeper }) =>
        group.files[index] !== undefined &&
        stays.has(keeper) &&
        !stays.has(index) &&
        !first.has(firstNameOf(group, index)),
    );
  if (!isSound) throw refused(`Group ${number} would not keep what it has to.`);
}

interface Going {
  readonly index: number;
  readonly keeper: number;
  readonly frees: number;
}

/** The last of a file's names frees its space, if all of them go. */
function* withFrees(group: DuplicateGroup, { victims }: KeeperChoice): Generator<Going> {
  const left = new Map<number, number>();
  for (const { index, keeper } of victims) {
    const first = firstNameOf(group, index);
    left.set(first, (left.get(first) ?? Math.max(1, fileAt(group, first).links)) - 1);
    yield { index, keeper, frees: left.get(first) === 0 ? group.size : 0 };
  }
}

interface Kept {
  readonly stays: DuplicateFile;
  readonly frees: number;
  readonly check: DedupeCheck;
}

function stepOf(group: DuplicateGroup, victim: DuplicateFile, { stays, frees, check }: Kept): StepDraft {
  const { location, relPath, mtimeNs, fileId } = stays;
  return {
    bucket: 'dedupe',
    relPath: victim.relPath,
    from: victim.location,
    toRelPath: null,
    size: group.size,
    mtimeNs: victim.mtimeNs,
    fileId: victim.fileId,
    blake3: bytesOfHex(group.blake3),
    code: null,
    message: null,
    extra: formatDedupeStep({ keeper: { location, relPath, size: group.size, mtimeNs, fileId }, check, frees }),
  };
}

/** Steps of one location stand together, so that they are carried out together. */
function inOrder(steps: readonly StepDraft[]): readonly StepDraft[] {
  const groups = new Map<string | null, StepDraft[]>();
  for (const step of steps) {
    const group = groups.get(step.from);
    if (group) group.push(step);
    else groups.set(step.from, [step]);
  }
  return [...groups.values()].flat();
}

/** Its path, and where its drive gives ids the file itself. */
function namesOf({ location, relPath, device, fileId }: DuplicateFile): readonly string[] {
  const place = placeKey(location, relPath);
  return fileId === 0n ? [place] : [place, `${device} ${fileId}`];
}

function fileAt(group: DuplicateGroup, index: number): DuplicateFile {
  const file = group.files[index];
  if (file) return file;
  throw refused(`A group has no file at ${index}.`);
}

function bytesOfHex(hex: string): Uint8Array<ArrayBuffer> {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw refused('A group has no hash.');
  return Uint8Array.from({ length: 32 }, (_, k) => Number.parseInt(hex.slice(2 * k, 2 * k + 2), 16));
}

function refused(message: string): AppError {
  return new AppError('INVALID_INPUT', `${message} Nothing was done.`, { hint: 'Scan for duplicates again.' });
}
