import { ArrowLeft, Link2, ListChecks, OctagonAlert, Trash2, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { DedupePlan, DedupeScan } from '../../../contract/dedupe.ts';
import { useLocations } from '../../api/queries.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { CheckField } from '../../ui/check-field.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { countOf, formatBytes, formatCount, formatExactBytes } from '../../ui/format.ts';
import { type Choices, type ChoicesChange, countDecisions } from './choices.ts';
import { ConfirmRun } from './confirm-run.tsx';
import type { SearchChange } from './dedupe-search.ts';
import { FolderMap } from './folder-map.tsx';
import { FolderTable } from './folder-table.tsx';
import { actionWords, executeLabel, sharedText } from './plan-words.ts';
import { forgetChoices } from './stored-choices.ts';
import { useDedupePlan } from './use-dedupe-plan.ts';
import { useLocationNames } from './use-location-names.ts';

interface ReviewStepProps {
  readonly scan: DedupeScan;
  readonly total: number;
  readonly choices: Choices;
  readonly change: (change: ChoicesChange) => void;
  readonly onSearchChange: SearchChange;
}

function Figures({ plan, choices, total }: { plan: DedupePlan; choices: Choices; total: number }) {
  const { byHand, byRules } = countDecisions(choices, total);
  const shared = sharedText(plan);
  return (
    <div className="grid gap-2">
      <dl className="figures">
        <div>
          <dt>{plan.action === 'delete' ? 'Files to delete' : 'Files to replace'}</dt>
          <dd>{formatCount(plan.total.files)}</dd>
        </div>
        <div>
          <dt>Really comes free</dt>
          <dd data-tip={formatExactBytes(plan.reclaimedBytes)}>{formatBytes(plan.reclaimedBytes)}</dd>
        </div>
        <div>
          <dt>Groups touched</dt>
          <dd>
            {formatCount(plan.groups)}
            <span className="figure-note">
              {formatCount(byHand)} by you, {formatCount(byRules)} left to rules
            </span>
          </dd>
        </div>
        <div>
          <dt>Groups left alone</dt>
          <dd>{formatCount(plan.untouched)}</dd>
        </div>
      </dl>
      {shared && <p className="field-hint">{shared}</p>}
    </div>
  );
}

function Locations({ plan }: { readonly plan: DedupePlan }) {
  const nameOf = useLocationNames();
  const locations = useLocations().data ?? [];
  return (
    <section aria-labelledby="by-location">
      <h2 id="by-location" className="dedupe-heading">
        By location
      </h2>
      <div className="panel">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Location</th>
              <th scope="col" className="number">
                Files
              </th>
              <th scope="col" className="number">
                Size
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.byLocation.map(({ location, files, bytes }) => {
              const found = locations.find(({ id }) => id === location);
              return (
                <tr key={location}>
                  <td>
                    {nameOf(location)}
                    {found?.allowDelete === false && <p className="field-hint">deleting is off; goes all the same</p>}
                    {found?.state.kind === 'offline' && (
                      <p className="field-error">offline; its files would be skipped</p>
                    )}
                  </td>
                  <td className="number">{formatCount(files)}</td>
                  <td className="number" data-tip={formatExactBytes(bytes)}>
                    {formatBytes(bytes)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Problems({ problems }: { readonly problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <Banner tone="warning" icon={TriangleAlert} title="Not everything can be done.">
      {problems.join(' ')}
    </Banner>
  );
}

/** Every number before anything happens, and the button that asks for the last word. */
export function ReviewStep({ scan, total, choices, change, onSearchChange }: ReviewStepProps) {
  const { plan, isPlanning, error, again } = useDedupePlan(scan.scanId, choices);
  const [paranoid, setParanoid] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const back = () => onSearchChange({ scan: scan.scanId });
  if (error) return <Failure failure={error} onRetry={again} />;
  if (!plan) return <div aria-busy className="dedupe-body" />;
  if (plan.total.files === 0) {
    return (
      <div className="dedupe-body">
        <EmptyState icon={ListChecks} title="Nothing is chosen to go" action={<Button onClick={back}>Decide</Button>}>
          Choose what stays in a group, or let rules decide all of them. Then this page shows what comes of it.
        </EmptyState>
        <Problems problems={plan.problems} />
      </div>
    );
  }
  return (
    <div className="dedupe-body" aria-busy={isPlanning}>
      <div className="review">
        <Problems problems={plan.problems} />
        <Figures plan={plan} choices={choices} total={total} />
        <div className="review-grid">
          <FolderMap folders={plan.byFolder} />
          <Locations plan={plan} />
        </div>
        <FolderTable folders={plan.byFolder} />
        {scan.state !== 'done' && scan.state !== 'running' && (
          <Banner tone="warning" icon={OctagonAlert} title="The scan did not end.">
            What it proved is certain all the same; it may have missed some.
          </Banner>
        )}
      </div>
      <footer className="review-foot">
        <CheckField
          label="Compare byte by byte right before"
          hint="Reads each pair once more, whatever is known. Slower, and as sure as can be."
          checked={paranoid}
          onChange={setParanoid}
        />
        <Button icon={ArrowLeft} onClick={back}>
          Back
        </Button>
        <Button
          tone="danger"
          icon={plan.action === 'delete' ? Trash2 : Link2}
          disabled={isPlanning || scan.state === 'running'}
          onClick={() => setAsking(true)}
        >
          {executeLabel(plan)} …
        </Button>
      </footer>
      {isAsking && (
        <ConfirmRun
          plan={plan}
          choices={choices}
          paranoid={paranoid}
          onClose={() => setAsking(false)}
          onAgain={() => {
            setAsking(false);
            again();
          }}
          onStarted={(task) => {
            change({ kind: 'forget-marks' });
            change({ kind: 'apply', appliesToAll: false });
            forgetChoices(scan.scanId);
            onSearchChange({ scan: scan.scanId, step: 'result', task: task.id });
          }}
        />
      )}
      <p className="sr-only" role="status">
        {actionWords[plan.action].title}: {countOf(plan.total.files, 'file')}, {formatBytes(plan.reclaimedBytes)} come
        free.
      </p>
    </div>
  );
}
