import type { HeaderDifference } from '../../contract/headers.ts';
import type { ReadHeader } from '../../core/ports/model-header.ts';

type What = HeaderDifference['what'];

const longestValue = 4_000;

/** Fields and tensors by name; the later of two equal names counts, as it does for readers of JSON. */
function byKey<T>(items: readonly T[], keyOf: (item: T) => string, textOf: (item: T) => string): Map<string, string> {
  return new Map(items.map((item) => [keyOf(item), textOf(item)]));
}

function* between(what: What, a: Map<string, string>, b: Map<string, string>): Generator<HeaderDifference> {
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other !== value) yield { what, key, a: value.slice(0, longestValue), b: other?.slice(0, longestValue) ?? null };
  }
  for (const [key, value] of b) if (!a.has(key)) yield { what, key, a: null, b: value.slice(0, longestValue) };
}

/** Metadata first, since it says what the tensors only show. */
export function compareHeaders(a: ReadHeader, b: ReadHeader): readonly HeaderDifference[] {
  const formats: HeaderDifference[] =
    a.header.format === b.header.format
      ? []
      : [{ what: 'format', key: 'format', a: a.header.format, b: b.header.format }];
  const fields = ({ header }: ReadHeader) =>
    byKey(
      header.metadata,
      ({ key }) => key,
      ({ value }) => value,
    );
  const tensors = (read: ReadHeader) =>
    byKey(
      read.tensors,
      ({ name }) => name,
      ({ description }) => description,
    );
  return [...formats, ...between('metadata', fields(a), fields(b)), ...between('tensor', tensors(a), tensors(b))];
}

/** Whether everything in the header took part in the comparison. */
export function isWhole({ header, tensors }: ReadHeader): boolean {
  return header.metadata.length === header.metadataTotal && tensors.length === (header.tensorCount ?? 0);
}
