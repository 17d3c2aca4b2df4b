import { ScanSearch } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { DedupeScan } from '../../../contract/dedupe.ts';
import type { Location } from '../../../contract/locations.ts';
import { type ApiError, toApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { CheckField } from '../../ui/check-field.tsx';
import { ChoiceField } from '../../ui/choice-field.tsx';
import { TextField } from '../../ui/field.tsx';
import { countOf, formatBytes } from '../../ui/format.ts';
import { LocationCheck } from './location-check.tsx';
import { listNames } from './scan-words.ts';

interface ScanFormProps {
  readonly locations: readonly Location[];
  readonly onStarted: (scan: DedupeScan) => void;
}

const MiB = 1024 ** 2;
const sizes = ['1', '1048576', '10485760', '104857600', '1073741824'] as const;
type Size = (typeof sizes)[number];
const sizeWords: Readonly<Record<Size, string>> = {
  1: 'Any size',
  [MiB]: '1 MiB and more',
  [10 * MiB]: '10 MiB and more',
  [100 * MiB]: '100 MiB and more',
  [1024 * MiB]: '1 GiB and more',
} as Record<Size, string>;

const canBeScanned = ({ state }: Location) => state.kind !== 'offline';

function plainFolder(folder: string): string {
  return folder
    .trim()
    .replaceAll('\\', '/')
    .replace(/^\/+|\/+$/g, '');
}

/** Where to look, and for what. */
export function ScanForm({ locations, onStarted }: ScanFormProps) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [folder, setFolder] = useState('');
  const [minSize, setMinSize] = useState<Size>('1');
  const [variants, setVariants] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const chosen = locations.filter((location) => canBeScanned(location) && !left.has(location.id));
  const files = chosen.reduce((sum, { index }) => sum + index.files, 0);
  const bytes = chosen.reduce((sum, { index }) => sum + index.bytes, 0);

  const toggle = (id: string, isChosen: boolean) => {
    const next = new Set(left);
    if (isChosen) next.delete(id);
    else next.add(id);
    setLeft(next);
  };
  const start = async () => {
    setBusy(true);
    setFailure(null);
    try {
      onStarted(
        await api.scanDuplicates({
          sides: chosen.map(({ id }) => id),
          folder: plainFolder(folder),
          minBytes: Number(minSize),
          variants,
        }),
      );
    } catch (thrown) {
      setFailure(toApiError(thrown));
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy && chosen.length > 0) void start();
  };

  return (
    <form className="panel scan-form" onSubmit={onSubmit} aria-label="Look for duplicates">
      <fieldset className="scan-places">
        <legend className="field-label">Where to look</legend>
        {locations.map((location) => (
          <LocationCheck
            key={location.id}
            location={location}
            isChosen={chosen.includes(location)}
            isDisabled={!canBeScanned(location)}
            onChange={(isChosen) => toggle(location.id, isChosen)}
          />
        ))}
      </fieldset>
      <div className="scan-options">
        <TextField
          label="Only in this folder"
          hint="Left empty: everywhere. Below the location, such as loras/flux."
          className="mono"
          value={folder}
          onChange={setFolder}
          spellCheck={false}
          autoComplete="off"
        />
        <ChoiceField
          label="Size"
          hint="Small files rarely free much."
          words={sizeWords}
          options={sizes}
          value={minSize}
          onChange={setMinSize}
        />
      </div>
      <CheckField
        label="Look for re-saved models too"
        hint="Equal tensors under another header. They are listed for information, never deleted here; it reads more."
        checked={variants}
        onChange={setVariants}
      />
      {failure && (
        <p role="alert" className="field-error">
          {failure.message} {failure.hint}
        </p>
      )}
      <div className="scan-start">
        <Button tone="primary" type="submit" icon={ScanSearch} isBusy={isBusy} disabled={isBusy || chosen.length === 0}>
          Look for duplicates
        </Button>
        <p className="text-muted">
          {chosen.length === 0
            ? 'Choose a location first.'
            : `In ${listNames(chosen.map(({ name }) => name))}: ${countOf(files, 'file')}, ${formatBytes(bytes)}. Only what size and samples cannot tell apart is read.`}
        </p>
      </div>
    </form>
  );
}
