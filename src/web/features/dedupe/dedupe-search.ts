/** What the address holds, so that back, reload and sharing work. */
export interface DedupeSearch {
  readonly scan?: string;
  /** Left out: the groups. */
  readonly step?: string;
  readonly group?: string;
  readonly task?: string;
}

export const steps = ['groups', 'review', 'result', 'same-name', 'variants'] as const;
export type DedupeStep = (typeof steps)[number];

export type SearchChange = (search: DedupeSearch, options?: { readonly replace?: boolean }) => void;

const names = ['scan', 'step', 'group', 'task'] as const;
const idPattern = /^[a-z0-9]{8}$/;

export function parseDedupeSearch(search: Record<string, unknown>): DedupeSearch {
  const known = names.flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  const { scan, task, ...rest }: DedupeSearch = Object.fromEntries(known);
  return {
    ...rest,
    ...(scan !== undefined && idPattern.test(scan) ? { scan } : {}),
    ...(task !== undefined && idPattern.test(task) ? { task } : {}),
  };
}

export function stepOf({ step }: DedupeSearch): DedupeStep {
  return steps.find((one) => one === step) ?? 'groups';
}

/** Position of the group in the address, within the list; 0 when it names none. */
export function groupOf({ group }: DedupeSearch, total: number): number {
  const number = group === undefined ? 0 : Number.parseInt(group, 10) - 1;
  return Number.isInteger(number) ? Math.max(0, Math.min(total - 1, number)) : 0;
}

/** People count from one. */
export function searchAt(scan: string, group: number): DedupeSearch {
  return group === 0 ? { scan } : { scan, group: String(group + 1) };
}

/** The same scan, group and run at another step. */
export function atStep(search: DedupeSearch, step: DedupeStep): DedupeSearch {
  const { step: _step, ...rest } = search;
  return step === 'groups' ? rest : { ...rest, step };
}
