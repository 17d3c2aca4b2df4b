import type { Handlers } from '../../contract/endpoint.ts';
import type { MirrorPlan, mirrorEndpoints } from '../../contract/mirror.ts';
import type { Task, TaskPlan } from '../../contract/queue.ts';
import type { CompareView } from '../../core/catalog/compare-view.ts';
import type { ContentIndex } from '../../core/catalog/content-index.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { findNamed } from '../../core/catalog/named-path.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { Clock, Pacer } from '../../core/ports/clock.ts';
import { addAmounts, type MirrorDetails, nothing, type PlanDraft } from '../../core/transfers/plan-draft.ts';
import { requireApart } from '../../core/transfers/volume-pair.ts';
import { draftMirror } from './draft-mirror.ts';

/** A stored plan, as the queue keeps it. */
export interface StoredPlan {
  readonly plan: TaskPlan;
  /** null: it is no mirror. */
  readonly mirror: MirrorDetails | null;
}

export interface MirrorPorts {
  readonly registry: LocationRegistry;
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly platform: 'posix' | 'win32';
  readonly view: (a: LocationSlot, b: LocationSlot) => Promise<CompareView>;
  readonly contents: (slot: LocationSlot) => Promise<ContentIndex>;
  /** @throws AppError INVALID_PATH */
  readonly checkedRelPath: (relPath: string) => string;
  readonly addPlan: (draft: PlanDraft) => Promise<StoredPlan>;
  /** @throws AppError TASK_NOT_FOUND */
  readonly readPlan: (id: string) => Promise<StoredPlan>;
  readonly executePlan: (id: string, confirm: string | undefined) => Promise<Task>;
}

export function createMirrorFeature(ports: MirrorPorts): Handlers<typeof mirrorEndpoints> {
  const { registry, clock } = ports;

  async function requireOnline(id: string): Promise<LocationSlot> {
    const slot = registry.require(id);
    await slot.loaded;
    await registry.look(slot);
    if (slot.state.kind !== 'offline') return slot;
    throw new AppError('LOCATION_OFFLINE', slot.state.message, { hint: 'A mirror needs both locations.' });
  }

  function requireFolder(source: LocationSlot, typed: string): string {
    const folder = typed === '' ? '' : findNamed(source.index, ports.checkedRelPath(typed));
    if (folder === '' || source.index.folder(folder)) return folder;
    throw new AppError('ENTRY_NOT_FOUND', `“${source.definition.name}” has no folder “${folder}”.`, {
      hint: 'Check the spelling, or refresh the location if it is new.',
    });
  }

  return {
    async planMirror({ srcSide, srcRelFolder, dstSide, deleteExtras, onConflict }) {
      const startedAt = clock.monotonicMs();
      if (srcSide === dstSide) throw new AppError('INVALID_INPUT', 'Choose two different locations.');
      const [source, target] = await Promise.all([requireOnline(srcSide), requireOnline(dstSide)]);
      requireApart(source, target);
      const folder = requireFolder(source, srcRelFolder);
      const all = registry.list();
      const side = all.indexOf(source) < all.indexOf(target) ? 'a' : 'b';
      const view = await (side === 'a' ? ports.view(source, target) : ports.view(target, source));
      const contents = await ports.contents(target);
      const draft = await draftMirror(
        { source, target, folder, deleteExtras, onConflict },
        { ...ports, view, side, contents, others: { ...ports, locations: () => registry.list() } },
      );
      return toMirrorPlan(await ports.addPlan(draft), clock.monotonicMs() - startedAt);
    },
    async readMirrorPlan({ planId }) {
      // Free space is told of drives that were looked at.
      const { src, dst } = (await ports.readPlan(planId)).plan;
      const slots = [src, dst ?? src].flatMap((id) => registry.find(id) ?? []);
      await Promise.all(slots.map((slot) => (slot.facts === null ? registry.look(slot) : null)));
      return toMirrorPlan(await ports.readPlan(planId), 0);
    },
    async executeMirror({ planId, confirm }) {
      const { mirror } = await ports.readPlan(planId);
      if (mirror === null) throw new AppError('TASK_STATE', 'This plan is no mirror.');
      return ports.executePlan(planId, confirm);
    },
  };
}

function toMirrorPlan({ plan, mirror }: StoredPlan, elapsedMs: number): MirrorPlan {
  if (mirror === null) throw new AppError('TASK_STATE', 'This plan is no mirror.');
  const amount = (bucket: keyof TaskPlan['buckets']) => plan.buckets[bucket] ?? nothing;
  return {
    planId: plan.planId,
    summary: {
      copy: amount('copy'),
      delete: amount('delete'),
      conflicts: amount('conflict'),
      unverified: amount('unverified'),
      moved: addAmounts(amount('moved'), plan.elsewhere),
      extras: amount('extra'),
      skipped: amount('skipped'),
    },
    plan,
    deleteExtras: mirror.deleteExtras,
    deletesAllowed: mirror.deletesAllowed,
    onConflict: mirror.onConflict,
    elapsedMs,
  };
}
