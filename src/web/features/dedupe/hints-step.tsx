import { CircleCheck, Copy, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DedupeScan } from '../../../contract/dedupe.ts';
import { toApiError } from '../../api/api-error.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { countOf, formatBytes, formatExactBytes } from '../../ui/format.ts';
import { visibleName } from '../../ui/visible-name.ts';
import { type Hints, useHints } from './queries.ts';
import { useLocationNames } from './use-location-names.ts';

type HintFile = Hints['sameName'][number]['files'][number];

interface HintPageProps {
  readonly title: string;
  readonly explanation: string;
  /** What it lists, a line a file. */
  readonly lines: readonly string[];
  readonly children: ReactNode;
}

function HintPage({ title, explanation, lines, children }: HintPageProps) {
  return (
    <div className="dedupe-body">
      <div className="hints">
        <Banner
          tone="note"
          icon={Info}
          title={title}
          actions={
            lines.length > 0 && (
              <Button icon={Copy} onClick={() => void copyText(lines.join('\n'), 'List')}>
                Copy list
              </Button>
            )
          }
        >
          {explanation}
        </Banner>
        {children}
      </div>
    </div>
  );
}

function HintCard({ title, note, files }: { title: string; note: string; files: readonly HintFile[] }) {
  const nameOf = useLocationNames();
  return (
    <li className="panel hint">
      <h2 className="hint-title">
        <bdi>{visibleName(title)}</bdi> <span className="text-muted">{note}</span>
      </h2>
      <ul>
        {files.map(({ location, relPath, size }) => (
          <li key={`${location}:${relPath}`} className="hint-file">
            <span className="hint-place">{nameOf(location)}</span>
            <bdi className="copy-path">{visibleName(relPath)}</bdi>
            <span className="number" data-tip={formatExactBytes(size)}>
              {formatBytes(size)}
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}

function useHintList<K extends keyof Hints>(scan: DedupeScan, kind: K) {
  const { data, error, refetch } = useHints(scan.scanId);
  return { list: data?.[kind], error, retry: () => void refetch() };
}

function linesOf(sets: readonly { readonly files: readonly HintFile[] }[] | undefined): readonly string[] {
  return (sets ?? []).flatMap(({ files }) =>
    files.map(({ location, relPath, size }) => `${location}:${relPath}\t${size}`),
  );
}

/** One name for different things; information only. */
export function SameNameStep({ scan }: { readonly scan: DedupeScan }) {
  const { list, error, retry } = useHintList(scan, 'sameName');
  return (
    <HintPage
      title="Not duplicates."
      lines={linesOf(list)}
      explanation="These files have one name and different content: other versions, or other models that are called alike. Nothing is offered for them here but knowing it."
    >
      {error && <Failure failure={toApiError(error)} onRetry={retry} />}
      {list?.length === 0 && (
        <EmptyState icon={CircleCheck} title="No two files of one name differ">
          Wherever a name occurs twice, the content is the same.
        </EmptyState>
      )}
      <ul className="hint-list">
        {list?.map(({ name, files }) => (
          <HintCard key={name} title={name} note={countOf(files.length, 'file')} files={files} />
        ))}
      </ul>
    </HintPage>
  );
}

/** Equal tensors under another header; information only. */
export function VariantsStep({ scan }: { readonly scan: DedupeScan }) {
  const { list, error, retry } = useHintList(scan, 'variants');
  return (
    <HintPage
      title="Same tensors, other header."
      lines={linesOf(list)}
      explanation="These models were saved again, for instance with other metadata. Their weights are equal, their files are not, so none of them is offered for deletion."
    >
      {error && <Failure failure={toApiError(error)} onRetry={retry} />}
      {list?.length === 0 && (
        <EmptyState icon={CircleCheck} title="No re-saved models found">
          They are looked for when the scan was asked to; see “Look for re-saved models too”.
        </EmptyState>
      )}
      <ul className="hint-list">
        {list?.map(({ dataBytes, files }) => (
          <HintCard
            key={files.map(({ location, relPath }) => `${location}:${relPath}`).join()}
            title={files[0]?.relPath.split('/').at(-1) ?? ''}
            note={`${formatBytes(dataBytes)} of equal tensors in ${countOf(files.length, 'file')}`}
            files={files}
          />
        ))}
      </ul>
    </HintPage>
  );
}
