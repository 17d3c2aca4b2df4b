import { useEffect } from 'react';

/** Progress shows in the tab, for who looks elsewhere meanwhile. */
export function useTabTitle(hashed: number | null, isScanning: boolean): void {
  const percent = hashed === null ? null : Math.floor(hashed * 100);
  useEffect(() => {
    if (percent !== null) document.title = `${percent} % hashed · Weightroom`;
    else document.title = isScanning ? 'Reading … · Weightroom' : 'Weightroom';
  }, [percent, isScanning]);
}
