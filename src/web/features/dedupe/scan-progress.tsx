import { Check, Square } from 'lucide-react';
import type { DedupeScan } from '../../../contract/dedupe.ts';
import { dedupeStages } from '../../../contract/dedupe-words.ts';
import { Button } from '../../ui/button.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { stageShare, stageText, stageWords } from './scan-words.ts';

interface ScanProgressProps {
  readonly scan: DedupeScan;
  readonly onCancel: () => void;
}

/** Stages of a running scan, and how far the current one is. */
export function ScanProgress({ scan, onCancel }: ScanProgressProps) {
  const at = scan.stage === null ? 0 : dedupeStages.indexOf(scan.stage);
  const stage = dedupeStages[at] ?? 'listing';
  const share = stageShare(scan);
  const tenth = share === undefined ? '' : `, ${Math.floor(share * 10) * 10} percent`;
  return (
    <section className="scan-progress" aria-label="Scan">
      <ol className="scan-stages">
        {dedupeStages.map((one, place) => (
          <li
            key={one}
            data-state={place < at ? 'done' : place === at ? 'now' : 'next'}
            aria-current={place === at ? 'step' : undefined}
            data-tip={stageWords[one][1]}
          >
            {place < at ? <Check size={13} aria-label="done:" /> : <span aria-hidden>{place + 1}</span>}
            {stageWords[one][0]}
          </li>
        ))}
      </ol>
      <p className="scan-progress-text">{stageText(scan)}</p>
      <Button icon={Square} onClick={onCancel}>
        Cancel
      </Button>
      <ProgressBar label={stageWords[stage][0]} value={share} />
      <p className="sr-only" role="status">{`${stageWords[stage][0]}${tenth}`}</p>
    </section>
  );
}
