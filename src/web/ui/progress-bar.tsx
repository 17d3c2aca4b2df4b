interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1; left out while the end is not known. */
  readonly value?: number | undefined;
}

export function ProgressBar({ label, value }: ProgressBarProps) {
  const percent = value === undefined ? undefined : Math.round(value * 100);
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      data-open-ended={value === undefined}
    >
      <div className="progress-fill" style={value === undefined ? undefined : { transform: `scaleX(${value})` }} />
    </div>
  );
}
