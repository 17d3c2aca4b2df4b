import { Unplug } from 'lucide-react';
import { useConnection } from '../api/event-stream.ts';
import { Banner } from '../ui/banner.tsx';

/** While the program does not answer, what is on the page may be old. */
export function ConnectionBanner() {
  if (useConnection() !== 'lost') return null;
  return (
    <Banner tone="warning" icon={Unplug} title="Weightroom does not answer.">
      What you see may be out of date. The page connects again by itself once the program runs.
    </Banner>
  );
}
