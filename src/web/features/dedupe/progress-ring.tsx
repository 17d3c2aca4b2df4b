const radius = 10;
const around = 2 * Math.PI * radius;

/** How much of a whole is done, 0 to 1. The words beside it say the same. */
export function ProgressRing({ share }: { readonly share: number }) {
  return (
    <svg className="share-ring" viewBox="0 0 26 26" width={26} height={26} aria-hidden>
      <circle className="share-ring-track" cx={13} cy={13} r={radius} />
      <circle
        className="share-ring-done"
        cx={13}
        cy={13}
        r={radius}
        strokeDasharray={`${around * Math.max(0, Math.min(1, share))} ${around}`}
        transform="rotate(-90 13 13)"
      />
    </svg>
  );
}
