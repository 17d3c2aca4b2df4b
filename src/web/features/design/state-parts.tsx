import { FolderPlus, Info, OctagonAlert, Unplug } from 'lucide-react';
import { useState } from 'react';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { OnlineDot } from '../../ui/online-dot.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { Splitter } from '../../ui/splitter.tsx';

const kinds = [
  ['checking', 'checking'],
  ['online', 'online'],
  ['offline', 'offline'],
  ['attention', 'needs a decision'],
] as const;

export function StateParts() {
  return (
    <div className="grid gap-4">
      <div className="grid max-w-sm gap-3">
        <ProgressBar label="Hashing, 62 %" value={0.62} />
        <ProgressBar label="Reading, end not known" />
        <span className="skeleton w-2/3" aria-hidden />
      </div>
      <div className="design-row gap-4">
        {kinds.map(([kind, word]) => (
          <OnlineDot key={kind} kind={kind} word={word} />
        ))}
      </div>
      <div className="panel overflow-hidden">
        <Banner tone="note" icon={Info} title="This is a demo library." actions={<Button>Use my own folders</Button>}>
          Try everything.
        </Banner>
        <Banner
          tone="warning"
          icon={Unplug}
          title="Lake is offline, since 5 min."
          actions={<Button>Check again</Button>}
        >
          “\\nas\models” does not answer. Its rows stay as they were last seen.
        </Banner>
        <Banner tone="failed" icon={OctagonAlert} title="Weightroom does not answer.">
          This page shows what was last known.
        </Banner>
      </div>
      <div className="design-fields">
        <div className="panel">
          <EmptyState icon={FolderPlus} title="No locations yet" action={<Button tone="primary">Add location</Button>}>
            Add the folder where your models are.
          </EmptyState>
        </div>
        <div className="panel">
          <Failure
            failure={{ message: 'The catalog could not be read.', hint: 'Start Weightroom again.' }}
            onRetry={() => {}}
          />
        </div>
      </div>
    </div>
  );
}

const rows = [
  ['checkpoints/sdxl/sd_xl_base_1.0.safetensors', '6.46 GiB', 'same'],
  ['loras/flux/add_detail.safetensors', '144 MiB', 'only Lake'],
  ['checkpoints/v1-5-pruned.ckpt', '3.97 GiB', 'conflict'],
] as const;

export function TableParts() {
  const [width, setWidth] = useState(420);
  return (
    <div className="flex max-w-full">
      <div className="panel overflow-auto" style={{ width }}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Path</th>
              <th scope="col" className="text-right">
                Size
              </th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([path, size, state]) => (
              <tr key={path}>
                <td className="mono">{path}</td>
                <td className="text-right whitespace-nowrap">{size}</td>
                <td className="whitespace-nowrap">{state}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Splitter label="Width of the table" width={width} range={[240, 720]} grows="right" onWidth={setWidth} />
    </div>
  );
}
