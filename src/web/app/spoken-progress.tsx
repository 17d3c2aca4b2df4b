/** Read aloud whenever the text changes; callers keep it coarse. */
export function SpokenProgress({ text }: { readonly text: string }) {
  return (
    <div className="sr-only" role="status" aria-live="polite">
      {text}
    </div>
  );
}
