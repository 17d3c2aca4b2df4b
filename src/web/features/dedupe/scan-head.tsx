import { Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import type { DedupeScan } from '../../../contract/dedupe.ts';
import { formatCount } from '../../ui/format.ts';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { visibleName } from '../../ui/visible-name.ts';
import { atStep, type DedupeSearch, type DedupeStep } from './dedupe-search.ts';
import { foundText, notesOf, placesText } from './scan-words.ts';
import { useLocationNames } from './use-location-names.ts';

interface ScanHeadProps {
  readonly scan: DedupeScan;
  readonly total: number;
  readonly search: DedupeSearch;
}

const tabs = [
  ['groups', 'Decide'],
  ['review', 'Review'],
  ['result', 'Result'],
  ['same-name', 'Same name, different content'],
  ['variants', 'Same model, saved again'],
] as const satisfies readonly (readonly [DedupeStep, string])[];

/** What the scan found and cost, and the way to each of its steps. */
export function ScanHead({ scan, total, search }: ScanHeadProps) {
  const nameOf = useLocationNames();
  const shown = tabs.filter(([tab]) => tab !== 'result' || search.task !== undefined);
  return (
    <header className="dedupe-head">
      <div className="dedupe-title">
        <Link to="/dedupe" className="icon-button" aria-label="All scans" data-tip="All scans">
          <ChevronLeft size={15} aria-hidden />
        </Link>
        <h1>
          Duplicates in <bdi>{visibleName(placesText(scan, nameOf))}</bdi>
        </h1>
        <p className="dedupe-found">
          <strong>{foundText(scan)}</strong>
        </p>
      </div>
      <div className="dedupe-steps">
        <nav aria-label="Steps" className="dedupe-tabs">
          {shown.map(([tab, title]) => (
            <Link
              key={tab}
              to="/dedupe"
              search={atStep(search, tab)}
              className="dedupe-tab"
              activeOptions={{ exact: true }}
            >
              {title}
              {tab === 'groups' && <span className="chip-count">{formatCount(total)}</span>}
            </Link>
          ))}
        </nav>
        <ul className="facts">
          {notesOf(scan).map((note) => (
            <li key={note}>{note}</li>
          ))}
          <li>
            <TimeAgo timeMs={scan.createdMs} />
          </li>
        </ul>
      </div>
    </header>
  );
}
