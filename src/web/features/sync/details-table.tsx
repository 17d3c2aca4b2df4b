import { Copy, FolderOpen } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import type { EntryDetails } from '../../../contract/indexing.ts';
import type { Location } from '../../../contract/locations.ts';
import type { CompareRow, RowSide } from '../../../contract/sync.ts';
import { IconButton } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { formatBytes, formatCount, formatExactBytes } from '../../ui/format.ts';
import { formatTime } from '../../ui/format-time.ts';
import { visibleName } from '../../ui/visible-name.ts';
import { fullPath } from './full-path.ts';
import type { RowActions } from './row-actions.ts';

const hashWords = {
  unknown: 'not hashed yet',
  pending: 'waiting to be hashed',
  known: 'known',
  failed: 'could not be hashed',
} as const;

interface Both<T> {
  readonly a: T;
  readonly b: T;
}

interface DetailsTableProps {
  readonly row: CompareRow;
  readonly entries: Both<EntryDetails | undefined>;
  readonly sides: Both<Location>;
  readonly actions: RowActions;
}

interface SideFacts {
  readonly side: RowSide;
  readonly entry: EntryDetails | undefined;
  readonly location: Location;
  readonly onOpenFolder: () => void;
}

function Hash({ value, label }: { readonly value: string | null | undefined; readonly label: string }) {
  if (!value) return null;
  return (
    <span className="hash">
      <code className="mono">{value}</code>
      <IconButton icon={Copy} label={`Copy ${label}`} onClick={() => void copyText(value, label)} />
    </span>
  );
}

/** A long path goes on in the next line behind a folder, where there is room for its name. */
function breakable(path: string): readonly ReactNode[] {
  let end = 0;
  return path.split(/(?<=[/\\])/).map((part) => {
    end += part.length;
    return (
      <Fragment key={end}>
        {part}
        <wbr />
      </Fragment>
    );
  });
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function FileFacts({ side, entry }: Pick<SideFacts, 'side' | 'entry'>) {
  return (
    <>
      <Fact label="Size">
        {formatBytes(side.size)} <span className="text-faint">{formatExactBytes(side.size)}</span>
      </Fact>
      <Fact label="Changed">{formatTime(side.mtimeMs)}</Fact>
      <Fact label="BLAKE3">
        {side.blake3 ? (
          <Hash value={side.blake3} label="BLAKE3" />
        ) : (
          <span className="text-muted">{hashWords[side.hash]}</span>
        )}
      </Fact>
      {entry?.sha256 && (
        <Fact label="SHA-256">
          <Hash value={entry.sha256} label="SHA-256" />
        </Fact>
      )}
      {entry?.quickHash && (
        <Fact label="Quick hash">
          <Hash value={entry.quickHash} label="Quick hash" />
        </Fact>
      )}
      {entry?.hashedAtMs != null && <Fact label="Hashed">{formatTime(entry.hashedAtMs)}</Fact>}
      {entry && entry.links > 1 && (
        <Fact label="Hard links">{formatCount(entry.links)} names share these bytes on the drive</Fact>
      )}
    </>
  );
}

function Elsewhere({ entry }: { readonly entry: EntryDetails | undefined }) {
  if (!entry || entry.elsewhere.length === 0) return null;
  return (
    <Fact label="Also at">
      <ul>
        {entry.elsewhere.map(({ location, relPath }) => (
          <li key={`${location}/${relPath}`} className="mono">
            {location}: <bdi>{visibleName(relPath)}</bdi>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

function SideDetails({ side, entry, location, onOpenFolder }: SideFacts) {
  const isOffline = location.state.kind === 'offline';
  const path = entry?.path ?? fullPath(location.path, side.relPath);
  return (
    <section className="details-side">
      <h3>
        {location.name}
        {side.kind !== 'file' && <span className="font-normal text-muted">, a {side.kind}</span>}
      </h3>
      <dl>
        <Fact label="Path">
          <span className="hash">
            <bdi className="mono">{breakable(visibleName(path))}</bdi>
            <IconButton
              icon={Copy}
              label={`Copy full path on ${location.name}`}
              onClick={() => void copyText(path, 'Path')}
            />
            <IconButton
              icon={FolderOpen}
              label={isOffline ? `${location.name} is offline` : `Open folder on ${location.name}`}
              disabled={isOffline}
              onClick={onOpenFolder}
            />
          </span>
        </Fact>
        {side.kind !== 'folder' && <FileFacts side={side} entry={entry} />}
        <Elsewhere entry={entry} />
      </dl>
    </section>
  );
}

/** What is known about each side, one below the other, so that hashes and paths have room. */
export function DetailsTable({ row, entries, sides, actions }: DetailsTableProps) {
  const present = (['a', 'b'] as const).flatMap((key) => {
    const side = row[key];
    if (!side) return [];
    const onOpenFolder = () => actions.openFolder(key);
    return [{ side, entry: entries[key], location: sides[key], onOpenFolder }];
  });
  return present.map((facts) => <SideDetails key={facts.location.id} {...facts} />);
}
