import { Link } from '@tanstack/react-router';
import { CircleHelp, FlaskConical, RotateCw, Unplug } from 'lucide-react';
import { useState } from 'react';
import type { Location } from '../../../contract/locations.ts';
import { useCheckLocation } from '../../api/actions.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { formatRelativeTime } from '../../ui/format-time.ts';
import { useNow } from '../../ui/use-now.ts';
import { AcceptDialog } from './accept-dialog.tsx';

function CheckAgain({ location }: { readonly location: Location }) {
  const check = useCheckLocation();
  return (
    <Button
      icon={RotateCw}
      isBusy={check.isPending}
      disabled={check.isPending}
      onClick={() => check.mutate({ id: location.id })}
    >
      Check again
    </Button>
  );
}

function OfflineNotice({ location, sinceMs, message }: { location: Location; sinceMs: number; message: string }) {
  const now = useNow();
  return (
    <Banner
      tone="warning"
      icon={Unplug}
      title={`${location.name} is offline, since ${formatRelativeTime(sinceMs, now)}.`}
      actions={<CheckAgain location={location} />}
    >
      {message}
    </Banner>
  );
}

function AttentionNotice({ location }: { readonly location: Location }) {
  const [isAsking, setAsking] = useState(false);
  if (location.state.kind !== 'attention') return null;
  return (
    <>
      <Banner
        tone="warning"
        icon={CircleHelp}
        title={`${location.name} needs a decision.`}
        actions={
          <>
            <CheckAgain location={location} />
            <Button onClick={() => setAsking(true)}>The files are really gone</Button>
          </>
        }
      >
        {location.state.message} Until you decide, nothing is forgotten and nothing can be deleted.
      </Banner>
      <AcceptDialog location={location} isOpen={isAsking} onClose={() => setAsking(false)} />
    </>
  );
}

function DemoNotice() {
  return (
    <Banner
      tone="note"
      icon={FlaskConical}
      title="This is a demo library."
      actions={
        <Link to="/first-run" className="button">
          Use my own folders
        </Link>
      }
    >
      Its files lie in a temporary folder; try everything.
    </Banner>
  );
}

/** Says why a location cannot be used now, or that it is only a demo; nothing otherwise. */
export function LocationNotice({ location }: { readonly location: Location }) {
  const { state } = location;
  if (location.origin === 'demo' && location.id === 'local' && state.kind === 'online') return <DemoNotice />;
  if (state.kind === 'attention') return <AttentionNotice location={location} />;
  if (state.kind !== 'offline') return null;
  return <OfflineNotice location={location} sinceMs={state.sinceMs} message={state.message} />;
}
