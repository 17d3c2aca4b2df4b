import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Info, PlugZap, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { DedupeScan } from '../../../contract/dedupe.ts';
import { toApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { keys, useLocations } from '../../api/queries.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Failure } from '../../ui/failure.tsx';
import { noticeFailure } from '../../ui/notices.ts';
import { type DedupeSearch, type SearchChange, stepOf } from './dedupe-search.ts';
import { GroupsStep } from './groups-step.tsx';
import { SameNameStep, VariantsStep } from './hints-step.tsx';
import { useScan } from './queries.ts';
import { ResultStep } from './result-step.tsx';
import { ReviewStep } from './review-step.tsx';
import { ScanHead } from './scan-head.tsx';
import { ScanProgress } from './scan-progress.tsx';
import { listNames } from './scan-words.ts';
import { useChoices } from './use-choices.ts';
import { useLocationNames } from './use-location-names.ts';

interface ScanPageProps {
  readonly scanId: string;
  readonly search: DedupeSearch;
  readonly onSearchChange: SearchChange;
}

function useScanAgain(onSearchChange: SearchChange) {
  const [isBusy, setBusy] = useState(false);
  const again = ({ sides, folder }: DedupeScan) => {
    setBusy(true);
    api
      .scanDuplicates({ sides, folder })
      .then(({ scanId }) => onSearchChange({ scan: scanId }))
      .catch((thrown: unknown) => noticeFailure(toApiError(thrown)))
      .finally(() => setBusy(false));
  };
  return { isBusy, again };
}

interface ScanNoticesProps {
  readonly scan: DedupeScan;
  /** Something of it was carried out, and its groups are those of before. */
  readonly wasUsed: boolean;
  readonly isBusy: boolean;
  readonly onAgain: () => void;
}

/** Why the groups may not be the whole truth, and what to do. */
function ScanNotices({ scan, wasUsed, isBusy, onAgain }: ScanNoticesProps) {
  const nameOf = useLocationNames();
  const locations = useLocations().data ?? [];
  const away = locations.filter(({ id, state }) => scan.sides.includes(id) && state.kind === 'offline');
  const again = (
    <Button icon={RotateCw} isBusy={isBusy} onClick={onAgain}>
      Look again
    </Button>
  );
  const titles = {
    cancelled: 'This scan was cancelled.',
    failed: 'This scan failed.',
    stale: 'This scan was interrupted when the program ended.',
  } as const;
  const { state } = scan;
  return (
    <>
      {state !== 'running' && state !== 'done' && (
        <Banner tone={state === 'failed' ? 'failed' : 'warning'} icon={RotateCw} title={titles[state]} actions={again}>
          {scan.message ?? 'What was hashed stays known, so looking again is quicker.'}
        </Banner>
      )}
      {wasUsed && (
        <Banner tone="note" icon={Info} title="These groups are those of before the last run." actions={again}>
          Whatever is gone since is left alone. Look again to see what remains.
        </Banner>
      )}
      {away.length > 0 && (
        <Banner
          tone="warning"
          icon={PlugZap}
          title={`${listNames(away.map(({ id }) => nameOf(id)))} cannot be reached.`}
        >
          Its files are shown as the scan found them. Nothing of it is deleted before it is back.
        </Banner>
      )}
    </>
  );
}

function Unknown({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <div className="page">
      <h1 className="page-title">Duplicates</h1>
      <Failure failure={toApiError(error)} onRetry={onRetry} />
      <p className="text-center">
        <Link to="/dedupe" className="link">
          All scans
        </Link>
      </p>
    </div>
  );
}

/** One scan: while it runs, and everything that can be done with what it found. */
export function ScanPage({ scanId, search, onSearchChange }: ScanPageProps) {
  const client = useQueryClient();
  const { data, error, refetch } = useScan(scanId);
  const [choices, change] = useChoices(scanId);
  const { isBusy, again } = useScanAgain(onSearchChange);
  useCommands([
    { id: 'dedupe-scans', title: 'All scans for duplicates', section: 'Duplicates', run: () => onSearchChange({}) },
  ]);
  if (error && !data) return <Unknown error={error} onRetry={() => void refetch()} />;
  if (!data) return <div aria-busy className="h-full" />;
  const { scan, total } = data;
  const step = stepOf(search);
  const cancel = () => {
    api
      .cancelDuplicateScan({ scanId })
      .then(() => client.invalidateQueries({ queryKey: keys.dedupe }))
      .catch((thrown: unknown) => noticeFailure(toApiError(thrown)));
  };
  const common = { scan, total, choices, onSearchChange };
  return (
    <div className="dedupe">
      <ScanHead scan={scan} total={total} search={search} />
      <div className="dedupe-notices">
        <ScanNotices
          scan={scan}
          wasUsed={search.task !== undefined && (step === 'groups' || step === 'review')}
          isBusy={isBusy}
          onAgain={() => again(scan)}
        />
        {scan.state === 'running' && <ScanProgress scan={scan} onCancel={cancel} />}
      </div>
      {step === 'groups' && (
        <GroupsStep {...common} search={search} change={change} isScanning={isBusy} onAgain={() => again(scan)} />
      )}
      {step === 'review' && <ReviewStep {...common} change={change} />}
      {step === 'result' && <ResultStep scan={scan} task={search.task} isBusy={isBusy} onAgain={() => again(scan)} />}
      {step === 'same-name' && <SameNameStep scan={scan} />}
      {step === 'variants' && <VariantsStep scan={scan} />}
    </div>
  );
}
