import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  CircleCheck,
  Copy,
  FolderPlus,
  Info,
  type LucideIcon,
  OctagonAlert,
  RotateCw,
  TriangleAlert,
} from 'lucide-react';
import type { Check, DoctorReport } from '../../../contract/doctor.ts';
import { toApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { keys, useLocations } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { countOf } from '../../ui/format.ts';
import { formatTime } from '../../ui/format-time.ts';
import { reportText } from './report-text.ts';

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
    <section className="mb-6" aria-label={title}>
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

interface VerdictProps {
  readonly report: DoctorReport;
  readonly titleOf: (location: string) => string;
  readonly checkedAtMs: number;
}

/** The most important first: whether anything needs a person. */
function Verdict({ report, titleOf, checkedAtMs }: VerdictProps) {
  const places = [
    { title: 'This machine', checks: report.machine },
    ...report.locations.map(({ location, checks: members }) => ({ title: titleOf(location), checks: members })),
  ];
  const checks = places.flatMap((place) => place.checks);
  const found = places.flatMap((place) =>
    place.checks
      .filter(({ status }) => status === 'problem' || status === 'warning')
      .map((check) => ({ key: `${place.title} ${check.id}`, text: `${place.title}, ${check.title}: ${check.detail}` })),
  );
  const count = (status: Check['status']) => checks.filter((check) => check.status === status).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const worst = problems > 0 ? 'problem' : warnings > 0 ? 'warning' : 'ok';
  const Icon = icons[worst];
  const words = [
    problems > 0 ? countOf(problems, 'problem') : '',
    warnings > 0 ? countOf(warnings, 'warning') : '',
  ].filter(Boolean);
  return (
    <div className="panel mb-6 flex items-start gap-3 px-3 py-2" role="status">
      <Icon size={16} className={`mt-0.5 flex-none ${tones[worst]}`} aria-hidden />
      <div className="min-w-0">
        <p>
          <strong>{words.length === 0 ? 'Everything works.' : `${words.join(' and ')}.`}</strong>{' '}
          <span className="text-muted">
            {countOf(checks.length, 'check')}, {formatTime(checkedAtMs)}
          </span>
        </p>
        {found.map(({ key, text }) => (
          <p key={key} className="wrap-anywhere">
            {text}
          </p>
        ))}
      </div>
    </div>
  );
}

export function DoctorPage() {
  const { data, error, refetch, isFetching, dataUpdatedAt } = useQuery({
    queryKey: keys.doctor,
    queryFn: ({ signal }) => api.doctor({}, { signal }),
    staleTime: 0,
  });
  const names = new Map(useLocations().data?.map(({ id, name }) => [id, name]));
  const titleOf = (location: string) => names.get(location) ?? location;
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1 className="page-title">Doctor</h1>
          <p className="page-intro">What this machine and the drives of your locations can do.</p>
        </div>
        <div className="flex gap-2">
          {data && (
            <Button icon={Copy} onClick={() => void copyText(reportText(data, titleOf), 'Report')}>
              Copy report
            </Button>
          )}
          <Button icon={RotateCw} isBusy={isFetching} disabled={isFetching} onClick={() => void refetch()}>
            Check again
          </Button>
        </div>
      </header>
      {error && <Failure failure={toApiError(error)} onRetry={() => void refetch()} />}
      {!data && !error && (
        <div className="panel p-3 text-muted" aria-busy>
          Looking at the machine and at each drive. One that does not answer takes two seconds.
        </div>
      )}
      {data && !error && <Verdict report={data} titleOf={titleOf} checkedAtMs={dataUpdatedAt} />}
      {data && <CheckList title="This machine" checks={data.machine} />}
      {data?.locations.map(({ location, path, checks }) => (
        <CheckList key={location} title={titleOf(location)} path={path} checks={checks} />
      ))}
      {data && data.locations.length === 0 && (
        <EmptyState
          icon={FolderPlus}
          title="No locations yet"
          action={
            <Link to="/first-run" className="button">
              Look on this machine
            </Link>
          }
        >
          Their drives are looked at here once there are some.
        </EmptyState>
      )}
    </div>
  );
}
