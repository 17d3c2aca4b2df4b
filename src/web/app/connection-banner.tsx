import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useConnection } from '../api/event-stream.ts';
import { Banner } from '../ui/banner.tsx';

/** A break that is shorter than this is over before one could read about it. */
const shownAfterMs = 1_000;

function useLostForLong(): boolean {
  const isLost = useConnection() === 'lost';
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isLost) return;
    const timer = window.setTimeout(() => setLong(true), shownAfterMs);
    return () => {
      window.clearTimeout(timer);
      setLong(false);
    };
  }, [isLost]);
  return isLost && isLong;
}

/** While the program does not answer, what is on the page may be old. */
export function ConnectionBanner() {
  if (!useLostForLong()) return null;
  return (
    <Banner tone="warning" icon={Unplug} title="Weightroom does not answer.">
      What you see may be out of date. The page connects again by itself once the program runs.
    </Banner>
  );
}
