import type { DedupePlan } from '../../contract/dedupe.ts';
import { formatBytes, plural } from './format.ts';
import type { Look } from './look.ts';
import { renderTable } from './table.ts';

const shownFolders = 20;

export const actionWords = {
  delete: 'delete',
  hardlink: 'replace by hard links',
  reflink: 'replace by files that share their blocks',
  symlink: 'replace by symbolic links',
} as const;

/** The document that the reference promises to scripts; keys are only ever added. */
export function planJson({ plan }: { readonly plan: DedupePlan }) {
  const { total, ...rest } = plan;
  return { ...rest, files: total.files, bytes: total.bytes };
}

export function* planLines(plan: DedupePlan, look: Look): Iterable<string> {
  const { action, total, reclaimedBytes, groups, untouched, byFolder, byLocation, problems } = plan;
  if (total.files === 0) yield 'Nothing would be done: every file stays.';
  else {
    const where = byLocation.map(({ location, files }) => `${plural(files, 'file')} of ${location}`).join(', ');
    yield look.bold(`To ${actionWords[action]}: ${where}, ${formatBytes(total.bytes)}, in ${plural(groups, 'group')}.`);
    yield `${formatBytes(reclaimedBytes)} really come free.`;
  }
  if (untouched > 0)
    yield look.dim(`${plural(untouched, 'group stays', 'groups stay')} as ${untouched === 1 ? 'it is' : 'they are'}.`);
  for (const problem of problems) yield look.yellow(problem);
  if (byFolder.length === 0) return;
  yield '';
  yield* renderTable<DedupePlan['byFolder'][number]>(
    [
      { title: '', align: 'right', cell: ({ files }) => plural(files, 'file') },
      { title: '', align: 'right', cell: ({ bytes }) => formatBytes(bytes) },
      { title: '', cell: ({ location, folder }) => `${location}:${folder}`, shrinks: true },
    ],
    byFolder.slice(0, shownFolders),
    look,
  );
  if (byFolder.length > shownFolders) yield look.dim(`… and ${plural(byFolder.length - shownFolders, 'folder')} more.`);
}
