import { formatBytes, formatCount, formatExactBytes } from '../../ui/format.ts';
import { PathText } from '../../ui/path-text.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';

const grounds = ['bg', 'surface', 'sunken', 'hover', 'line', 'line-strong', 'accent-soft', 'warn-soft', 'danger-soft'];
const inks = ['text', 'muted', 'faint', 'accent', 'same', 'lone', 'unsure', 'warn', 'danger'];

export function ColourParts() {
  return (
    <div className="grid gap-3">
      <ul className="swatches">
        {grounds.map((name) => (
          <li key={name}>
            <span className="swatch" style={{ background: `var(--${name})` }} />
            {name}
          </li>
        ))}
      </ul>
      <ul className="swatches">
        {inks.map((name) => (
          <li key={name} className="font-medium" style={{ color: `var(--${name})` }}>
            {name}
          </li>
        ))}
      </ul>
    </div>
  );
}

const longPath =
  'diffusion_models/wan/wan2.2/a folder with a rather long name/wan2.2_t2v_high_noise_14B_fp8_scaled_and_a_name_that_goes_on_and_on_and_on.safetensors';
const scannedAtMs = Date.now() - 3 * 86_400_000;

export function TypeParts() {
  return (
    <div className="grid gap-2">
      <p className="page-title">Title of a page</p>
      <p>Text as it stands everywhere, 13 px. Digits have one width: 111,888.</p>
      <p className="text-muted">Text that is there when one looks for it.</p>
      <p className="mono">a path or hash: /mnt/nas/models/loras/アニメ塗り_v3.safetensors</p>
      <div className="panel w-full max-w-md p-2" data-tip={longPath}>
        <PathText path={longPath} />
      </div>
      <p>
        <span data-tip={formatExactBytes(6_938_078_334)}>{formatBytes(6_938_078_334)}</span> in {formatCount(48_120)}{' '}
        files, read <TimeAgo timeMs={scannedAtMs} />
      </p>
    </div>
  );
}
