import { Link } from '@tanstack/react-router';
import { FolderOpen } from 'lucide-react';
import type { Problem } from '../../../contract/indexing.ts';
import type { Location } from '../../../contract/locations.ts';
import { useOpenFolder } from '../../api/actions.ts';
import { IconButton } from '../../ui/button.tsx';
import { visibleName } from '../../ui/visible-name.ts';
import { adviceFor, causeOf } from './problem-words.ts';

interface ProblemRowProps {
  readonly problem: Problem;
  readonly location: Location | undefined;
}

/** The row of the compare page, or the folder around it where what cannot be read has no row. */
function rowSearch({ location, relPath }: Problem) {
  const slash = relPath.lastIndexOf('/');
  return {
    ...(location === 'local' || location === 'lake' ? {} : { a: location }),
    ...(slash > 0 ? { folder: relPath.slice(0, slash) } : {}),
    show: 'all',
    row: relPath,
  };
}

function Where({ problem }: { readonly problem: Problem }) {
  if (problem.relPath === '') return <p className="mono">(the location itself)</p>;
  return (
    <p className="mono">
      <Link to="/sync" search={rowSearch(problem)} className="link" data-tip="Show it in Sync">
        <bdi>{visibleName(problem.relPath)}</bdi>
      </Link>
    </p>
  );
}

export function ProblemRow({ problem, location }: ProblemRowProps) {
  const open = useOpenFolder();
  const slash = problem.relPath.lastIndexOf('/');
  const folder = slash > 0 ? problem.relPath.slice(0, slash) : '';
  const place = location?.name ?? problem.location;
  const isOffline = location?.state.kind === 'offline';
  const advice = adviceFor(problem);
  return (
    <tr>
      <td className="problem-place">
        {place}
        <p className="problem-cause">{causeOf(problem.code)}</p>
      </td>
      <td>
        <Where problem={problem} />
        <p>{visibleName(problem.message)}</p>
        {advice && <p className="text-muted">{advice}</p>}
      </td>
      <td className="w-10">
        <IconButton
          icon={FolderOpen}
          label={isOffline ? `${place} is offline` : 'Open the folder it lies in'}
          disabled={isOffline}
          onClick={() => open.mutate({ location: problem.location, relPath: folder })}
        />
      </td>
    </tr>
  );
}
