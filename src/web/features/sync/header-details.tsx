import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { HeaderDifference, HeaderField, HeaderSide, ModelHeader } from '../../../contract/headers.ts';
import type { Location } from '../../../contract/locations.ts';
import type { CompareRow } from '../../../contract/sync.ts';
import { toApiError } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { countOf, formatBytes, formatCount } from '../../ui/format.ts';
import './header-details.css';
import { formatNames, formatParameters, headerText } from './header-text.ts';
import { type Headers, useHeaders } from './use-headers.ts';

interface HeaderDetailsProps {
  readonly row: CompareRow;
  readonly sides: { readonly a: Location; readonly b: Location };
}

const fewDifferences = 8;

function Value({ value, name }: { readonly value: string | null; readonly name: string }) {
  return (
    <div className="header-value">
      <span className="text-faint">{name}</span>{' '}
      {value === null ? <span className="text-faint">not there</span> : <bdi>{headerText(value, 240)}</bdi>}
    </div>
  );
}

function Differences({ headers, names }: { readonly headers: Headers; readonly names: readonly [string, string] }) {
  const [showsAll, setShowsAll] = useState(false);
  const { differences, differencesTotal, isPartial } = headers;
  if (differences === null || headers.sides.some(({ header }) => header === null)) return null;
  if (differencesTotal === 0) {
    return (
      <p className="text-muted">
        {isPartial
          ? 'The headers say the same, as far as they were compared.'
          : 'The headers on both sides say the same.'}
      </p>
    );
  }
  const shown = showsAll ? differences : differences.slice(0, fewDifferences);
  const wordOf = ({ what }: HeaderDifference) => (what === 'tensor' ? 'tensor ' : '');
  return (
    <div className="header-differences">
      <h4>{countOf(differencesTotal, 'difference')} in the headers</h4>
      <ul>
        {shown.map((difference) => (
          <li key={`${difference.what} ${difference.key}`}>
            <p className="mono">
              <span className="text-muted">{wordOf(difference)}</span>
              <bdi>{headerText(difference.key)}</bdi>
            </p>
            <Value value={difference.a} name={names[0]} />
            <Value value={difference.b} name={names[1]} />
          </li>
        ))}
      </ul>
      {differencesTotal > shown.length &&
        (showsAll ? (
          <p className="text-muted">and {formatCount(differencesTotal - shown.length)} more</p>
        ) : (
          <Button onClick={() => setShowsAll(true)}>Show {countOf(differences.length, 'difference')}</Button>
        ))}
    </div>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Tensors({ header }: { readonly header: ModelHeader }) {
  if (header.tensorCount === null) return null;
  const types = header.dtypes.map(({ dtype, tensors }) => `${headerText(dtype)} (${formatCount(tensors)})`);
  return (
    <>
      <Fact label="Tensors" value={formatCount(header.tensorCount)} />
      {header.parameters !== null && header.parameters > 0 && (
        <>
          <dt>Parameters</dt>
          <dd data-tip={formatCount(header.parameters)}>{formatParameters(header.parameters)}</dd>
        </>
      )}
      {types.length > 0 && <Fact label="Types" value={types.slice(0, 6).join(', ')} />}
      <Fact label="Header" value={formatBytes(header.headerBytes)} />
    </>
  );
}

function Metadata({ fields, total }: { readonly fields: readonly HeaderField[]; readonly total: number }) {
  if (total === 0) return null;
  return (
    <details className="header-metadata">
      <summary>Metadata, {countOf(total, 'field')}</summary>
      <dl>
        {fields.map((field) => (
          // Files may hold one key twice.
          <div key={`${fields.indexOf(field)} ${field.key}`}>
            <dt className="mono">
              <bdi>{headerText(field.key)}</bdi>
            </dt>
            <dd>
              <bdi>{headerText(field.value)}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {total > fields.length && <p className="text-muted">and {formatCount(total - fields.length)} more</p>}
    </details>
  );
}

function Side({ side, title }: { readonly side: HeaderSide; readonly title: string | null }) {
  const { header, problem } = side;
  return (
    <div className="header-side">
      {title && <h4>{title}</h4>}
      {problem && (
        <p>
          {problem.message} <span className="text-muted">{problem.hint}</span>
        </p>
      )}
      {header?.warnings.map((warning) => (
        <p key={warning} className="header-warning">
          <TriangleAlert size={14} aria-hidden />
          {headerText(warning)}
        </p>
      ))}
      {header && (
        <>
          <dl>
            <Fact label="Format" value={formatNames[header.format]} />
            {header.facts.map(({ key, value }) => (
              <Fact key={key} label={key} value={headerText(value, 240)} />
            ))}
            <Tensors header={header} />
          </dl>
          <Metadata fields={header.metadata} total={header.metadataTotal} />
        </>
      )}
    </div>
  );
}

/** What the model files of a row say of themselves, and where the two disagree. Everything in it is text from files. */
export function HeaderDetails({ row, sides }: HeaderDetailsProps) {
  const { data, error, wanted } = useHeaders(row, sides);
  if (!wanted) return null;
  const nameOf = ({ location }: HeaderSide) => (location === sides.a.id ? sides.a.name : sides.b.name);
  // Two headers that say the same are shown once.
  const isSame = data !== undefined && data.differences !== null && data.differencesTotal === 0 && !data.isPartial;
  const shown = isSame && data.sides.every(({ header }) => header !== null) ? data.sides.slice(0, 1) : data?.sides;
  return (
    <section className="details-side header-details" aria-label="In the file" aria-busy={!data && !error}>
      <h3>In the file</h3>
      {error && <p className="text-muted">{toApiError(error).message}</p>}
      {!data && !error && <span className="skeleton my-2 w-3/5" />}
      {data && <Differences headers={data} names={[sides.a.name, sides.b.name]} />}
      {shown?.map((side) => (
        <Side key={side.location} side={side} title={shown.length > 1 ? nameOf(side) : null} />
      ))}
    </section>
  );
}
