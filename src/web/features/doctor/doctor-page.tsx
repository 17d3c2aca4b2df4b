import { useQuery } from '@tanstack/react-query';
import { CircleCheck, Info, type LucideIcon, OctagonAlert, RotateCw, TriangleAlert } from 'lucide-react';
import type { Check } from '../../../contract/doctor.ts';
import { toApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { keys, useLocations } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/failure.tsx';

const icons: Readonly<Record<Check['status'], LucideIcon>> = {
  ok: CircleCheck,
  note: Info,
  warning: TriangleAlert,
  problem: OctagonAlert,
};
const tones: Readonly<Record<Check['status'], string>> = {
  ok: 'text-same',
  note: 'text-muted',
  warning: 'text-warn',
  problem: 'text-danger',
};

function CheckLine({ check }: { readonly check: Check }) {
  const Icon = icons[check.status];
  return (
    <li className="flex gap-3 border-t px-3 py-2 first:border-0">
      <Icon size={16} className={`mt-0.5 flex-none ${tones[check.status]}`} role="img" aria-label={check.status} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{check.title}</p>
        <p className="wrap-anywhere text-muted">{check.detail}</p>
        {check.hint && <p className="wrap-anywhere">{check.hint}</p>}
      </div>
    </li>
  );
}

function CheckList({ title, path, checks }: { title: string; path?: string; checks: readonly Check[] }) {
  return (
    <section className="mb-6">
      <h2 className="text-sm">{title}</h2>
      {path && <p className="mono text-muted">{path}</p>}
      <ul className="panel mt-2">
        {checks.map((check) => (
          <CheckLine key={check.id} check={check} />
        ))}
      </ul>
    </section>
  );
}

export function DoctorPage() {
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: keys.doctor,
    queryFn: ({ signal }) => api.doctor({}, { signal }),
    staleTime: 0,
  });
  const names = new Map(useLocations().data?.map(({ id, name }) => [id, name]));
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1 className="page-title">Doctor</h1>
          <p className="page-intro">What this machine and the drives of your locations can do.</p>
        </div>
        <Button icon={RotateCw} isBusy={isFetching} disabled={isFetching} onClick={() => void refetch()}>
          Check again
        </Button>
      </header>
      {error && <Failure failure={toApiError(error)} onRetry={() => void refetch()} />}
      {!data && !error && <div className="panel h-40" aria-busy />}
      {data && <CheckList title="This machine" checks={data.machine} />}
      {data?.locations.map(({ location, path, checks }) => (
        <CheckList key={location} title={names.get(location) ?? location} path={path} checks={checks} />
      ))}
    </div>
  );
}
