interface OnlineDotProps {
  readonly kind: 'checking' | 'online' | 'offline' | 'attention';
  readonly word: string;
}

/** Word and dot: whether a place can be reached. */
export function OnlineDot({ kind, word }: OnlineDotProps) {
  return (
    <span className="online" data-kind={kind}>
      <span className="online-dot" aria-hidden />
      {word}
    </span>
  );
}
