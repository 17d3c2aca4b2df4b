import type { DedupeRule, DedupeScan, dedupeEndpoints } from '../../contract/dedupe.ts';
import type { Handlers } from '../../contract/endpoint.ts';
import { parseCursor } from '../../core/catalog/cursor.ts';
import { findNamed } from '../../core/catalog/named-path.ts';
import { checkSelections } from '../../core/dedupe/check-selections.ts';
import { proposeKeepers } from '../../core/dedupe/choose-keepers.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { DedupePorts } from './dedupe-ports.ts';
import { describeGroup } from './describe-group.ts';
import { findSameNames } from './find-same-names.ts';
import { type DedupeChoice, planDedupe } from './plan-dedupe.ts';
import { foldersOf, type ScanWish } from './run-scan.ts';
import { createScans, type ScanWithGroups } from './scans.ts';

export function createDedupeFeature(ports: DedupePorts): Handlers<typeof dedupeEndpoints> {
  const { registry, pacer } = ports;
  const scans = createScans(ports);

  async function newestOf(side: string | undefined): Promise<string> {
    const newest = (await scans.list()).find(({ sides }) => side === undefined || sides.includes(side));
    if (newest) return newest.scanId;
    const where = side === undefined ? 'Nothing' : `“${registry.require(side).definition.name}”`;
    throw new AppError('SCAN_NOT_FOUND', `${where} has not been scanned for duplicates yet.`, {
      hint: 'Start with `weightroom dedupe scan`.',
    });
  }

  /** Its groups are complete, or all that will ever be found. */
  async function endedScan(scanId: string): Promise<ScanWithGroups> {
    const { state } = await scans.describe(scanId);
    if (state === 'running') throw unusable(scanId, 'still runs', 'Wait until it has ended, or cancel it.');
    if (state === 'stale') throw unusable(scanId, 'stopped with the program', 'Scan again.');
    const ended = await scans.open(scanId);
    for (const id of ended.scan.sides) {
      const { name, path } = registry.require(id).definition;
      if ((ended.roots?.[id] ?? path) === path) continue;
      // Elsewhere equal names prove nothing.
      throw unusable(scanId, `was made where “${name}” lay before, and it is at “${path}” now`, 'Scan again.');
    }
    return ended;
  }

  async function checkedRules(
    rules: readonly DedupeRule[],
    sides: readonly string[],
  ): Promise<{ readonly rules: DedupeRule[]; readonly unknownFolders: string[] }> {
    const unknownFolders: string[] = [];
    const checked: DedupeRule[] = [];
    for (const rule of rules) {
      if (rule.kind !== 'protect' && rule.kind !== 'prefer') checked.push(rule);
      else {
        const slots = (rule.location === undefined ? sides : [rule.location]).map((id) => registry.require(id));
        await Promise.all(slots.map(({ loaded }) => loaded));
        const typed = rule.folder === '' ? '' : ports.checkedRelPath(rule.folder);
        const folder = slots.reduce((named, { index }) => findNamed(index, named), typed);
        if (folder !== '' && !slots.some(({ index }) => index.folder(folder))) unknownFolders.push(folder);
        checked.push({ ...rule, folder });
      }
    }
    return { rules: checked, unknownFolders };
  }

  /** What a drive cannot do is known only once it was looked at. */
  async function lookAtAll(sides: readonly string[]): Promise<void> {
    const slots = sides.map((id) => registry.require(id));
    await Promise.all(slots.map((slot) => (slot.facts === null ? registry.look(slot) : null)));
  }

  async function plan(scanId: string, choice: DedupeChoice) {
    const { scan, groups } = await endedScan(scanId);
    checkSelections(groups, choice.keepSelections);
    await lookAtAll(scan.sides);
    const limits = { fileSystemOf: (location: string) => registry.find(location)?.facts?.fileSystem ?? null };
    const checked = await checkedRules(choice.rules, scan.sides);
    const planned = await planDedupe({ scanId, groups }, { ...choice, ...checked }, { limits, pacer });
    return { groups, ...planned };
  }

  return {
    async scanDuplicates({ side, sides, folder, minBytes, variants, wait }) {
      const wish = await toWish(
        { sides: sides ?? (side === undefined ? [] : [side]), folder, minBytes, variants },
        ports,
      );
      const { scanId, ended } = await scans.start(wish);
      if (wait) await ended;
      return scans.describe(scanId);
    },
    async cancelDuplicateScan({ scanId }) {
      await scans.cancel(scanId);
      return scans.describe(scanId);
    },
    async waitForDuplicateScan({ scanId }) {
      await scans.wait(scanId);
      return scans.describe(scanId);
    },
    async duplicateScans() {
      return { scans: [...(await scans.list())] };
    },
    async duplicates({ scanId, side, cursor, limit }) {
      const { scan, groups } = await scans.open(scanId ?? (await newestOf(side)));
      const from = parseCursor(cursor);
      const page = groups.slice(from, from + limit);
      const next = from + page.length;
      return {
        scan,
        groups: page.map((group, k) => describeGroup(group, from + k)),
        total: groups.length,
        cursor: next < groups.length && page.length > 0 ? String(next) : null,
      };
    },
    async duplicateHints({ scanId, limit }) {
      const { scan, minBytes, variants } = await scans.open(scanId);
      const sides = scan.sides.flatMap((id) => registry.find(id) ?? []);
      await Promise.all(sides.map(({ loaded }) => loaded));
      const folders = foldersOf({ sides, folder: scan.folder });
      const sameName = await findSameNames(folders, { minBytes, limit, pacer });
      return {
        sameName: sameName.map(({ name, files }) => ({ name, files: [...files] })),
        variants: variants.slice(0, limit).map(({ dataBytes, files }) => ({ dataBytes, files: [...files] })),
      };
    },
    async planDedupe({ scanId, ...choice }) {
      return (await plan(scanId, choice)).plan;
    },
    async proposeKeepers({ scanId, rules, groups: numbers }) {
      const { scan, groups } = await endedScan(scanId);
      checkSelections(
        groups,
        numbers.map((group) => ({ group, keep: [], skip: true })),
      );
      const checked = (await checkedRules(rules, scan.sides)).rules;
      return {
        keepers: numbers.flatMap((number) => {
          const group = groups[number];
          return group ? [{ group: number, keep: [...proposeKeepers(group, checked)] }] : [];
        }),
      };
    },
    async executeDedupe({ scanId, confirmed, paranoid, ...choice }) {
      const planned = await plan(scanId, choice);
      const { files, bytes } = planned.plan.total;
      if (files !== confirmed.files || bytes !== confirmed.bytes) {
        throw new AppError(
          'PLAN_STALE',
          `The plan is about ${files} files and ${bytes} bytes, not what was confirmed.`,
          {
            hint: 'Look at the plan again and confirm what it says now.',
          },
        );
      }
      if (files === 0) throw new AppError('INVALID_INPUT', 'There is nothing to do: every file stays.');
      return ports.execute({ ...planned, paranoid });
    },
  };
}

async function toWish(
  { sides, folder, ...rest }: { sides: readonly string[]; folder: string; minBytes: number; variants: boolean },
  { registry, checkedRelPath }: DedupePorts,
): Promise<ScanWish> {
  if (sides.length === 0) {
    throw new AppError('INVALID_INPUT', 'Name the location to look through.', { hint: '`side`, or several `sides`.' });
  }
  const slots = [...new Set(sides)].map((id) => registry.require(id));
  const checked = folder === '' ? '' : checkedRelPath(folder);
  // Otherwise the stored index need not be there yet: the folders are read while it is loaded.
  if (checked.includes('\\')) await Promise.all(slots.map(({ loaded }) => loaded));
  return { sides: slots, folder: slots.reduce((named, { index }) => findNamed(index, named), checked), ...rest };
}

function unusable(scanId: DedupeScan['scanId'], why: string, hint: string): AppError {
  return new AppError('SCAN_STATE', `Scan ${scanId} ${why}, so nothing can be planned with it.`, { hint });
}
