import { CircleCheck, Copy, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { DedupeScan } from '../../../contract/dedupe.ts';
import { toApiError } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { countOf } from '../../ui/format.ts';
import { useMedia } from '../../ui/use-media.ts';
import { type Choices, type ChoicesChange, type GroupFilter, groupsShown } from './choices.ts';
import { type DedupeSearch, groupOf, type SearchChange, searchAt } from './dedupe-search.ts';
import { GroupList } from './group-list.tsx';
import { GroupView } from './group-view.tsx';
import { type Pane, PaneSwitch } from './pane-switch.tsx';
import { useGroups, useProposal } from './queries.ts';
import { addRule } from './rule-list.ts';
import { RulesPanel } from './rules-panel.tsx';
import { placesText } from './scan-words.ts';
import { useGroupActions } from './use-group-actions.ts';
import { useGroupKeys } from './use-group-keys.ts';
import { useLocationNames } from './use-location-names.ts';
import { verdictOf } from './verdict.ts';

interface GroupsStepProps {
  readonly scan: DedupeScan;
  readonly total: number;
  readonly search: DedupeSearch;
  readonly choices: Choices;
  readonly change: (change: ChoicesChange) => void;
  readonly onSearchChange: SearchChange;
  readonly isScanning: boolean;
  readonly onAgain: () => void;
}

function NoGroups({ scan, isScanning, onAgain }: Pick<GroupsStepProps, 'scan' | 'isScanning' | 'onAgain'>) {
  const nameOf = useLocationNames();
  if (scan.state === 'running') {
    return (
      <EmptyState icon={Copy} title="No duplicates so far">
        Groups show here as soon as they are proven, those that free most first.
      </EmptyState>
    );
  }
  const again = (
    <Button icon={RotateCw} isBusy={isScanning} onClick={onAgain}>
      Look again
    </Button>
  );
  if (scan.state !== 'done') return <EmptyState icon={Copy} title="No groups were kept" action={again} />;
  return (
    <EmptyState icon={CircleCheck} title="No duplicates. Nothing is stored twice." action={again}>
      Every file in {placesText(scan, nameOf)} is the only one of its content
      {scan.sharedFiles > 0 && `; ${countOf(scan.sharedFiles, 'name')} share a file with another and take no room`}.
    </EmptyState>
  );
}

/** The position in the list that is shown, some steps on. */
function stepped(shown: readonly number[] | null, current: number, by: number, total: number): number {
  if (shown === null) return Math.max(0, Math.min(total - 1, current + by));
  const near = shown.findIndex((group) => group >= current);
  const at = near === -1 ? shown.length : near;
  const target = shown[at] === current || by < 0 ? at + by : at + by - 1;
  return shown[Math.max(0, Math.min(shown.length - 1, target))] ?? current;
}

/** The wizard: groups, the one that is looked at, the rules. */
export function GroupsStep(props: GroupsStepProps) {
  const { scan, total, search, choices, change, onSearchChange } = props;
  const { scanId } = scan;
  const nameOf = useLocationNames();
  const isNarrow = useMedia('(max-width: 900px)');
  const [pane, setPane] = useState<Pane>('group');
  const [filter, setFilter] = useState<GroupFilter>('all');
  const current = groupOf(search, total);
  const isReadOnly = scan.state === 'running' || scan.state === 'stale';
  const groups = useGroups(scan, total > 0 ? [current] : []);
  const group = groups.groupAt(current);
  const proposal = useProposal({ scanId, rules: choices.rules, group: current, total: isReadOnly ? 0 : total });
  const verdict = group && verdictOf(group, current, choices, proposal);
  const shown = groupsShown(choices, filter, total);
  const run = search.task === undefined ? {} : { task: search.task };
  const onGo = (next: number) => onSearchChange({ ...run, ...searchAt(scanId, next) }, { replace: true });
  const onReview = () => onSearchChange({ ...run, ...searchAt(scanId, current), step: 'review' });
  const actions = useGroupActions({ group, current, total, verdict, choices, isReadOnly, change, onGo });
  useGroupKeys({ actions, onStep: (by) => onGo(stepped(shown, current, by, total)), onReview });
  if (total === 0) {
    return (
      <div className="dedupe-body">
        <NoGroups {...props} />
      </div>
    );
  }
  return (
    <div className="wizard" data-pane={isNarrow ? pane : undefined}>
      {isNarrow && <PaneSwitch pane={pane} onChange={setPane} />}
      <GroupList
        scan={scan}
        total={total}
        current={current}
        choices={choices}
        filter={filter}
        shown={shown}
        onFilter={setFilter}
        onGo={(next) => {
          setPane('group');
          onGo(next);
        }}
        onStep={(by) => onGo(stepped(shown, current, by, total))}
      />
      {groups.error && !group ? (
        <Failure failure={toApiError(groups.error)} onRetry={groups.retry} />
      ) : (
        <GroupView
          group={group}
          current={current}
          total={total}
          verdict={verdict}
          choices={choices}
          isReadOnly={isReadOnly}
          nameOf={nameOf}
          actions={actions}
          onStep={(by) => onGo(stepped(shown, current, by, total))}
          onRule={(rule) => change({ kind: 'rules', rules: addRule(choices.rules, rule) })}
        />
      )}
      <RulesPanel
        scan={scan}
        total={total}
        choices={choices}
        change={change}
        nameOf={nameOf}
        isReadOnly={isReadOnly}
        onReview={onReview}
      />
    </div>
  );
}
