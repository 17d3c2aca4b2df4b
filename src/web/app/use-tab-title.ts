import { useEffect } from 'react';

/** What goes on, for who looks elsewhere meanwhile; null: nothing. */
export interface TabProgress {
  /** 0 to 1; null while the end is not known. */
  readonly share: number | null;
  readonly word: string;
}

export function useTabTitle(progress: TabProgress | null): void {
  const percent = progress?.share == null ? '' : `${Math.floor(progress.share * 100)} % `;
  const title = progress === null ? 'Weightroom' : `${percent}${progress.word} · Weightroom`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
