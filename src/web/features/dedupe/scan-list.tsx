import { Link } from '@tanstack/react-router';
import type { DedupeScan } from '../../../contract/dedupe.ts';
import { toApiError } from '../../api/api-error.ts';
import { Failure } from '../../ui/failure.tsx';
import { formatBytes, formatCount, formatExactBytes } from '../../ui/format.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { visibleName } from '../../ui/visible-name.ts';
import { useScans } from './queries.ts';
import { type NameOf, placesText, stageShare, stateWord } from './scan-words.ts';
import { useLocationNames } from './use-location-names.ts';

function ScanRow({ scan, nameOf }: { readonly scan: DedupeScan; readonly nameOf: NameOf }) {
  const { scanId, state, summary, createdMs } = scan;
  const isRunning = state === 'running';
  return (
    <tr>
      <td>
        <Link to="/dedupe" search={{ scan: scanId }} className="link">
          <bdi>{visibleName(placesText(scan, nameOf))}</bdi>
        </Link>
        <p className="scan-when">
          <TimeAgo timeMs={createdMs} /> · {stateWord(scan)}
        </p>
        {isRunning && <ProgressBar label="Looking for duplicates" value={stageShare(scan)} />}
      </td>
      <td className="number">{formatCount(summary.groups)}</td>
      <td className="number">{formatCount(summary.redundantFiles)}</td>
      <td className="number" data-tip={formatExactBytes(summary.reclaimableBytes)}>
        {formatBytes(summary.reclaimableBytes)}
      </td>
      <td className="number scan-read">{formatBytes(summary.bytesRead)}</td>
      <td className="number">
        <Link to="/dedupe" search={{ scan: scanId }} className="button">
          {isRunning ? 'Watch' : 'Continue'}
          <span className="sr-only"> with {placesText(scan, nameOf)}</span>
        </Link>
      </td>
    </tr>
  );
}

/** Scans that are kept, newest first. */
export function ScanList() {
  const { data: scans, error, refetch } = useScans();
  const nameOf = useLocationNames();
  if (error) return <Failure failure={toApiError(error)} onRetry={() => void refetch()} />;
  if (!scans || scans.length === 0) return null;
  return (
    <section aria-labelledby="earlier-scans">
      <h2 id="earlier-scans" className="dedupe-heading">
        Earlier scans
      </h2>
      <div className="panel overflow-x-auto">
        <table className="table scan-table">
          <thead>
            <tr>
              <th scope="col">Where and when</th>
              <th scope="col" className="number">
                Groups
              </th>
              <th scope="col" className="number">
                Too many
              </th>
              <th scope="col" className="number">
                Can be freed
              </th>
              <th scope="col" className="number scan-read">
                Read
              </th>
              <th scope="col">
                <span className="sr-only">Continue</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {scans.map((scan) => (
              <ScanRow key={scan.scanId} scan={scan} nameOf={nameOf} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
