import type { DedupeSearch, SearchChange } from './dedupe-search.ts';
import './dedupe.css';
import { ScanPage } from './scan-page.tsx';
import { StartPage } from './start-page.tsx';

interface DedupePageProps {
  readonly search: DedupeSearch;
  readonly onSearchChange: SearchChange;
}

/** Duplicates: choose where, look, decide, review, carry out. The address says which of it. */
export function DedupePage({ search, onSearchChange }: DedupePageProps) {
  const { scan } = search;
  if (scan === undefined) return <StartPage onStarted={({ scanId }) => onSearchChange({ scan: scanId })} />;
  return <ScanPage key={scan} scanId={scan} search={search} onSearchChange={onSearchChange} />;
}
