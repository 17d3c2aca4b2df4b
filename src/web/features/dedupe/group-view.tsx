import { ChevronLeft, ChevronRight, Hash, Minus, RotateCcw } from 'lucide-react';
import type { DedupeGroup, DedupeRule } from '../../../contract/dedupe.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { countOf, formatBytes, formatCount, formatExactBytes } from '../../ui/format.ts';
import type { Choices } from './choices.ts';
import { partsOfPaths } from './common-parts.ts';
import { CopyCard } from './copy-card.tsx';
import { type DedupeAction, freedBytes } from './group-files.ts';
import type { NameOf } from './scan-words.ts';
import type { GroupActions } from './use-group-actions.ts';
import type { Verdict } from './verdict.ts';

interface GroupViewProps {
  readonly group: DedupeGroup | undefined;
  readonly current: number;
  readonly total: number;
  readonly verdict: Verdict | undefined;
  readonly choices: Choices;
  readonly isReadOnly: boolean;
  readonly nameOf: NameOf;
  readonly actions: GroupActions;
  readonly onStep: (by: number) => void;
  readonly onRule: (rule: DedupeRule) => void;
}

function verdictText({ source, keep }: Verdict, group: DedupeGroup, action: DedupeAction): string {
  const freed = `${action === 'delete' ? '' : 'at most '}${formatBytes(freedBytes(group, keep))}`;
  if (source === 'skipped') return 'Skipped: everything stays.';
  if (source === 'open') return 'Not decided. Choose the copy that stays.';
  if (source === 'asked') return 'Asking the rules …';
  if (source === 'proposed') return `The rules propose this: ${freed} freed. Enter accepts it.`;
  if (keep.length === group.files.length) return 'Every copy stays, nothing is freed.';
  return source === 'hand' ? `You decided: ${freed} freed.` : `The rules decide: ${freed} freed.`;
}

function Skeleton() {
  return (
    <section className="group-view" aria-busy aria-label="Group">
      <div className="copies" aria-hidden>
        {[60, 75, 50].map((width) => (
          <div key={width} className="copy">
            <span className="skeleton m-4" style={{ width: `${width}%` }} />
          </div>
        ))}
      </div>
    </section>
  );
}

/** One group: its copies, which of them stay, and the way on. */
export function GroupView(props: GroupViewProps) {
  const { group, current, total, verdict, choices, isReadOnly, nameOf, actions, onStep, onRule } = props;
  if (!group || !verdict) return <Skeleton />;
  const parts = partsOfPaths(group.files.map(({ relPath }) => relPath));
  const isOwn = verdict.source === 'hand' || verdict.source === 'skipped';
  return (
    <section className="group-view" aria-label={`Group ${formatCount(current + 1)}`}>
      <header className="group-head">
        <h2>
          {countOf(group.files.length, 'copy', 'copies')} of{' '}
          <span data-tip={formatExactBytes(group.size)}>{formatBytes(group.size)}</span>
        </h2>
        <button
          type="button"
          className="group-hash"
          data-tip={`BLAKE3 ${group.blake3}\nClick to copy`}
          onClick={() => void copyText(group.blake3, 'Hash')}
        >
          <Hash size={12} aria-hidden />
          {group.blake3.slice(0, 12)}
        </button>
        <p className="group-verdict" data-source={verdict.source} role="status">
          {isReadOnly
            ? 'Found so far. You can choose once the scan has ended.'
            : verdictText(verdict, group, choices.action)}
        </p>
        {isOwn && (
          <Button
            icon={RotateCcw}
            data-tip={choices.rules.length > 0 ? 'Leave it to the rules' : 'Undecided again'}
            onClick={actions.takeBack}
          >
            Take back
          </Button>
        )}
      </header>
      <ol className="copies" aria-label="Copies">
        {group.files.map((file, index) => (
          <CopyCard
            key={`${file.location}:${file.relPath}`}
            group={group}
            index={index}
            parts={parts[index]}
            verdict={verdict}
            action={choices.action}
            nameOf={nameOf}
            isReadOnly={isReadOnly}
            onKeep={actions.keepOnly}
            onToggle={actions.toggle}
            onRule={onRule}
          />
        ))}
      </ol>
      <footer className="group-foot">
        <span className="group-at">
          {formatCount(current + 1)} of {formatCount(total)}
        </span>
        <p className="group-said" role="alert">
          {actions.said}
        </p>
        <IconButton
          icon={ChevronLeft}
          label="Previous group"
          keys="k"
          disabled={current === 0}
          onClick={() => onStep(-1)}
        />
        <IconButton
          icon={ChevronRight}
          label="Next group"
          keys="j"
          disabled={current >= total - 1}
          onClick={() => onStep(1)}
        />
        <Button icon={Minus} disabled={isReadOnly} data-tip="Everything stays" data-tip-keys="s" onClick={actions.skip}>
          {verdict.source === 'skipped' ? 'Do not skip' : 'Skip'}
        </Button>
        <Button
          tone={verdict.source === 'proposed' ? 'primary' : 'plain'}
          data-tip={verdict.source === 'proposed' ? 'Accept the proposal and go on' : 'Go on to the next'}
          data-tip-keys="Enter"
          onClick={actions.next}
        >
          {verdict.source === 'proposed' && !isReadOnly ? 'Accept, next' : 'Next'}
        </Button>
      </footer>
    </section>
  );
}
