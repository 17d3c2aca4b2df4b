import { Check, CircleHelp, Link2, type LucideIcon, ShieldCheck, Trash2, Unlink } from 'lucide-react';
import { type MouseEvent, memo } from 'react';
import type { DedupeGroup, DedupeRule } from '../../../contract/dedupe.ts';
import { countOf } from '../../ui/format.ts';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { visibleName } from '../../ui/visible-name.ts';
import type { PathParts } from './common-parts.ts';
import { CopyMenu } from './copy-menu.tsx';
import { type DedupeAction, firstNameOf } from './group-files.ts';
import { actionWords } from './plan-words.ts';
import type { NameOf } from './scan-words.ts';
import { fateOf, linkingOf, type Verdict } from './verdict.ts';

interface CopyCardProps {
  readonly group: DedupeGroup;
  readonly index: number;
  readonly parts: PathParts | undefined;
  readonly verdict: Verdict;
  readonly action: DedupeAction;
  readonly nameOf: NameOf;
  readonly isReadOnly: boolean;
  readonly onKeep: (index: number) => void;
  readonly onToggle: (index: number) => void;
  readonly onRule: (rule: DedupeRule) => void;
}

type FateProps = Pick<CopyCardProps, 'group' | 'verdict' | 'index' | 'action'>;

/** Digits there are keys for. */
const lastKey = 9;

function fateText({ group, verdict, index, action }: FateProps): string {
  const fate = fateOf(verdict, index);
  if (fate === 'open') return verdict.source === 'asked' ? '…' : 'undecided';
  if (fate === 'stays') return verdict.isProtected.includes(index) ? 'protected' : 'stays';
  const linking = linkingOf(group, verdict, index, action);
  if (linking === 'never') return 'stays: links never lead to another location';
  return linking === 'same-drive' ? `${actionWords[action].fate} if on one drive` : actionWords[action].fate;
}

function FateMark(props: FateProps) {
  const { group, verdict, index, action } = props;
  const fate = fateOf(verdict, index);
  const cannot = fate === 'goes' && linkingOf(group, verdict, index, action) === 'never';
  const icons: Readonly<Record<typeof fate, LucideIcon>> = {
    stays: verdict.isProtected.includes(index) ? ShieldCheck : Check,
    goes: action === 'delete' ? Trash2 : cannot ? Unlink : Link2,
    open: CircleHelp,
  };
  const Icon = icons[fate];
  return (
    <span className="fate" data-fate={cannot ? 'open' : fate}>
      <Icon size={13} aria-hidden />
      {fateText(props)}
    </span>
  );
}

function Path({ relPath, parts }: { readonly relPath: string; readonly parts: PathParts | undefined }) {
  if (!parts) return <bdi className="copy-path">{visibleName(relPath)}</bdi>;
  return (
    <bdi className="copy-path">
      <span className="copy-common">{visibleName(parts.head)}</span>
      {visibleName(parts.own)}
      <span className="copy-common">{visibleName(parts.tail)}</span>
    </bdi>
  );
}

function Facts({ group, index }: Pick<CopyCardProps, 'group' | 'index'>) {
  const file = group.files[index];
  if (!file) return null;
  const first = firstNameOf(group, index);
  const isOther = first !== index;
  const inGroup = group.files.filter((_, other) => firstNameOf(group, other) === first).length;
  const outside = file.links - inGroup;
  return (
    <span className="facts">
      <span>
        changed <TimeAgo timeMs={file.mtimeMs} />
      </span>
      {isOther && <span className="copy-same">same file as copy {first + 1}: on its own it frees nothing</span>}
      {outside > 0 && (
        <span className="copy-same">
          {countOf(outside, 'other name', 'other names')} on its drive keep the bytes: it frees nothing
        </span>
      )}
      {file.sidecars > 0 && <span>{countOf(file.sidecars, 'sidecar')}</span>}
    </span>
  );
}

/** One copy: where it is, what is special about it, and whether it stays. A click keeps it, with Shift it too. */
export const CopyCard = memo(function CopyCard(props: CopyCardProps) {
  const { group, index, parts, verdict, action, nameOf, isReadOnly, onKeep, onToggle, onRule } = props;
  const file = group.files[index];
  if (!file) return null;
  const fate = fateOf(verdict, index);
  const onClick = (event: MouseEvent) => (event.shiftKey ? onToggle(index) : onKeep(index));
  return (
    <li className="copy" data-fate={fate} data-source={verdict.source}>
      <button
        type="button"
        data-card
        className="copy-main"
        aria-pressed={fate === 'stays'}
        aria-disabled={isReadOnly}
        onClick={onClick}
      >
        <kbd className="copy-key" aria-hidden={index >= lastKey}>
          {index < lastKey ? index + 1 : '·'}
        </kbd>
        <span className="copy-place">
          {nameOf(file.location)}
          {!isReadOnly && <FateMark group={group} verdict={verdict} index={index} action={action} />}
        </span>
        <Path relPath={file.relPath} parts={parts} />
        <Facts group={group} index={index} />
      </button>
      <CopyMenu
        file={file}
        number={index + 1}
        place={nameOf(file.location)}
        isKept={fate === 'stays'}
        isReadOnly={isReadOnly}
        onToggle={() => onToggle(index)}
        onRule={onRule}
      />
    </li>
  );
});
