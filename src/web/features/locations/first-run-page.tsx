import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FlaskConical, FolderCheck, RotateCw, ShieldCheck, Unplug } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Location } from '../../../contract/locations.ts';
import { useOpenDemo, useRefreshIndex, useSetUpLocations } from '../../api/actions.ts';
import { toApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { useLocations } from '../../api/queries.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { CandidateList, type Choice } from './candidate-list.tsx';
import './first-run.css';
import { PathField } from './path-field.tsx';
import { withoutQuotes } from './without-quotes.ts';

function useDiscovery() {
  return useQuery({
    queryKey: ['discovery'],
    queryFn: ({ signal }) => api.discoverFolders({}, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Looks for models folders while the fields can be used already. */
function Found({ choice, onChoose }: { readonly choice: Choice; readonly onChoose: (choice: Choice) => void }) {
  const { data, error, isFetching, refetch } = useDiscovery();
  if (error) return <Failure failure={toApiError(error)} onRetry={() => void refetch()} />;
  return (
    <section aria-label="Found on this machine" className="grid gap-2">
      <div className="flex items-center justify-between gap-2">
        <h2 className="text-sm">Found on this machine</h2>
        <Button icon={RotateCw} isBusy={isFetching} disabled={isFetching} onClick={() => void refetch()}>
          Look again
        </Button>
      </div>
      {!data && (
        <div className="panel p-3 text-muted" aria-busy>
          Looking in the usual places: home folder, drives and shares. This takes a few seconds.
        </div>
      )}
      {data?.silent.map((place) => (
        <Banner key={place} tone="warning" icon={Unplug} title={`${place} does not answer.`}>
          It was left out. Wake or connect it, then look again.
        </Banner>
      ))}
      {data && data.candidates.length === 0 && (
        <p className="panel p-3 text-muted">
          No models folder was found in the usual places. Choose yours below; any folder will do.
        </p>
      )}
      {data && data.candidates.length > 0 && (
        <CandidateList candidates={data.candidates} choice={choice} onChoose={onChoose} />
      )}
    </section>
  );
}

function ownLocation(locations: readonly Location[] | undefined): Location | undefined {
  return locations?.find(({ origin }) => origin !== 'demo');
}

function ChooseForm({ hasDemo }: { readonly hasDemo: boolean }) {
  const navigate = useNavigate();
  const proposal = useDiscovery().data?.proposal;
  const [picked, setPicked] = useState<Choice | null>(null);
  const choice = picked ?? { local: proposal?.local ?? '', lake: proposal?.lake ?? '' };
  const setUp = useSetUpLocations();
  const demo = useOpenDemo();
  const refresh = useRefreshIndex();
  const failure = setUp.error ? toApiError(setUp.error) : null;
  const local = withoutQuotes(choice.local);
  const lake = withoutQuotes(choice.lake);
  const begin = () => {
    refresh.mutate({});
    void navigate({ to: '/sync', search: {} });
  };
  // What failed is shown by the mutation. Not its own callbacks: this form is gone as soon as there is a location.
  const shown = () => undefined;
  const choose = (next: Choice) => {
    setUp.reset();
    setPicked(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUp.mutateAsync({ local, ...(lake === '' ? {} : { lake }) }).then(begin, shown);
  };
  return (
    <form onSubmit={submit} className="grid gap-6">
      <Found choice={choice} onChoose={choose} />
      <section aria-label="Your folders" className="grid gap-3">
        <PathField
          label="Local"
          hint="The models folder that your apps read, on this machine."
          value={choice.local}
          onChange={(path) => choose({ ...choice, local: path })}
        />
        <PathField
          label="Lake (may be left empty)"
          hint="Where you keep everything: a share, a NAS or a big disk. You can add it later."
          value={choice.lake}
          onChange={(path) => choose({ ...choice, lake: path })}
        />
        {failure && (
          <p role="alert" className="text-danger">
            {failure.message} {failure.hint}
          </p>
        )}
        <p className="flex items-start gap-2">
          <ShieldCheck size={16} aria-hidden className="mt-0.5 flex-none text-same" />
          <span>Nothing will be moved or changed. Weightroom reads names, sizes and times, and compares.</span>
        </p>
        <div className="flex flex-wrap gap-2">
          <Button
            type="submit"
            tone="primary"
            icon={FolderCheck}
            isBusy={setUp.isPending}
            disabled={local === '' || setUp.isPending}
          >
            {lake === '' ? 'Use this folder' : 'Use these two folders'}
          </Button>
          <Button
            icon={FlaskConical}
            isBusy={demo.isPending}
            onClick={() =>
              hasDemo ? void navigate({ to: '/sync', search: {} }) : demo.mutateAsync({}).then(begin, shown)
            }
          >
            {hasDemo ? 'Stay with the demo library' : 'Show me a demo library first'}
          </Button>
        </div>
      </section>
    </form>
  );
}

/** Finds likely folders and proposes what to compare. */
export function FirstRunPage() {
  const { data: locations, error, refetch } = useLocations();
  const navigate = useNavigate();
  const own = ownLocation(locations);
  return (
    <div className="page first-run">
      <header className="page-head">
        <div>
          <h1 className="page-title">Where are your models?</h1>
          <p className="page-intro">
            Choose the folder you use and the one you keep everything in. A moment later you see how they differ.
          </p>
        </div>
      </header>
      {error && <Failure failure={toApiError(error)} onRetry={() => void refetch()} />}
      {!locations && !error && <div className="panel h-24" aria-busy />}
      {own && (
        <EmptyState
          icon={FolderCheck}
          title={`${own.name} is chosen already`}
          action={<Button onClick={() => void navigate({ to: '/locations' })}>Go to Locations</Button>}
        >
          Add others, or change this one, on the Locations page.
        </EmptyState>
      )}
      {locations && !own && <ChooseForm hasDemo={locations.length > 0} />}
    </div>
  );
}
