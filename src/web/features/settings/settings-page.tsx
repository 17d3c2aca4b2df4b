import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { toApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';
import { Failure } from '../../ui/failure.tsx';
import { LookSettings } from './look-settings.tsx';
import type { PathFieldComponent } from './setting-control.tsx';
import './settings.css';
import { SettingsForm } from './settings-form.tsx';

interface SettingsPageProps {
  /** Of the locations feature, given by the router: features do not import each other. */
  readonly PathField: PathFieldComponent;
}

function ProgramSettings({ PathField }: SettingsPageProps) {
  const { data, error, refetch } = useQuery({
    queryKey: keys.settings,
    queryFn: ({ signal }) => api.listSettings({}, { signal }),
    staleTime: 0,
  });
  if (error) return <Failure failure={toApiError(error)} onRetry={() => void refetch()} />;
  if (!data) return <div className="panel h-40" aria-busy />;
  return (
    <>
      <p className="mb-4 max-w-[72ch] text-muted">
        The environment wins over <span className="mono">.env</span>, .env over the settings file, the settings file
        over the default. Changes are written to <span className="mono text-text">{data.settingsFile}</span> and apply
        at the next start.
      </p>
      <SettingsForm settings={data.settings} PathField={PathField} />
    </>
  );
}

export function SettingsPage({ PathField }: SettingsPageProps) {
  return (
    <div className="page">
      <header className="page-head">
        <h1 className="page-title">Settings</h1>
        <Link to="/design" className="link">
          Parts of this interface
        </Link>
      </header>
      <LookSettings />
      <h2 className="mt-8 mb-1 text-sm">Program</h2>
      <ProgramSettings PathField={PathField} />
    </div>
  );
}
