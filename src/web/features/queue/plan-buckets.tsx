import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import type { TaskPlan } from '../../../contract/queue.ts';
import type { StepBucket } from '../../api/all-steps.ts';
import { countOf, formatBytes, formatExactBytes } from '../../ui/format.ts';
import { useRowHeight } from '../../ui/preferences.ts';
import { amountOf, bucketOrder, foldersText } from './plan-words.ts';
import { StepList } from './step-list.tsx';
import { bucketWords } from './step-words.ts';

interface PlanBucketsProps {
  readonly plan: TaskPlan;
  readonly src: string;
  readonly dst: string;
  /** What can be done about a bucket, beside its name. */
  readonly actions?: Readonly<Partial<Record<StepBucket, ReactNode>>>;
}

/** A list as short as this is shown at once, and no list is taller. */
const shownAtOnce = 3;
const tallest = 7;

interface BucketProps extends Omit<PlanBucketsProps, 'actions'> {
  readonly bucket: StepBucket;
  readonly isOpenAtFirst: boolean;
  readonly action: ReactNode;
}

function Bucket({ plan, bucket, src, dst, isOpenAtFirst, action }: BucketProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const rowHeight = useRowHeight();
  const { files, bytes } = amountOf(plan, bucket);
  const { title, meaning } = bucketWords(bucket, src, dst);
  return (
    <div className="bucket" data-bucket={bucket}>
      <div className="bucket-line">
        <button
          type="button"
          className="bucket-toggle"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronRight size={14} aria-hidden className={isOpen ? 'rotate-90' : ''} />
          <span className="bucket-title">{title}</span>
          <span className="bucket-files">{countOf(files, 'file')}</span>
          <span className="bucket-bytes" data-tip={formatExactBytes(bytes)}>
            {formatBytes(bytes)}
          </span>
        </button>
        {action}
      </div>
      <p className="bucket-meaning">{meaning}</p>
      <div id={id}>
        {isOpen && (
          <div className="bucket-list" style={{ height: Math.min(files, tallest) * rowHeight }}>
            <StepList
              key={plan.planId}
              filter={{ task: plan.planId, buckets: [bucket] }}
              label={`${title}: files`}
              isPlan
              empty="The list is empty."
            />
          </div>
        )}
      </div>
    </div>
  );
}

function Folders({ plan }: { readonly plan: TaskPlan }) {
  const text = foldersText(plan);
  if (text === null) return null;
  return (
    <div className="bucket" data-bucket={plan.kind === 'delete' ? 'delete' : undefined}>
      <div className="bucket-line bucket-folders">
        <span className="bucket-title">{plan.kind === 'delete' ? 'Delete folders' : 'Folders'}</span>
        <span className="bucket-files">{countOf(plan.folders, 'folder')}</span>
        <span className="bucket-bytes" />
      </div>
      <p className="bucket-meaning">{text}</p>
    </div>
  );
}

/** What the plan does and what it leaves alone, each with the list behind its number. */
export function PlanBuckets({ plan, src, dst, actions = {} }: PlanBucketsProps) {
  const buckets = bucketOrder.filter((bucket) => amountOf(plan, bucket).files > 0);
  return (
    <div className="buckets">
      {buckets.map((bucket, place) => (
        <Bucket
          key={bucket}
          plan={plan}
          bucket={bucket}
          src={src}
          dst={dst}
          isOpenAtFirst={place === 0 && amountOf(plan, bucket).files <= shownAtOnce}
          action={actions[bucket] ?? null}
        />
      ))}
      <Folders plan={plan} />
    </div>
  );
}
