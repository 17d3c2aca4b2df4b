import { useQuery } from '@tanstack/react-query';
import type { Setting } from '../../../contract/settings.ts';
import { toApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';
import { Failure } from '../../ui/failure.tsx';
import { LookSettings } from './look-settings.tsx';

const sourceWords: Readonly<Record<Setting['source'], string>> = {
  environment: 'environment',
  'env-file': '.env file',
  'settings-file': 'settings file',
  default: 'default',
};

function valueText(value: Setting['value']): string {
  if (value === null || value === '') return 'not set';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return String(value);
}

function SettingRow({ setting }: { readonly setting: Setting }) {
  const isSet = setting.source !== 'default';
  return (
    <tr>
      <td>
        <p className="mono">{setting.key}</p>
        <p className="text-muted">{setting.description}</p>
      </td>
      <td>
        <p className={`mono ${isSet ? '' : 'text-muted'}`}>{valueText(setting.value)}</p>
        <p className="text-faint">{setting.values}</p>
      </td>
      <td>
        <p className={isSet ? '' : 'text-muted'}>{sourceWords[setting.source]}</p>
        {setting.origin && <p className="mono text-muted">{setting.origin}</p>}
      </td>
    </tr>
  );
}

function SettingTable() {
  const { data, error, refetch } = useQuery({
    queryKey: keys.settings,
    queryFn: ({ signal }) => api.listSettings({}, { signal }),
    staleTime: 0,
  });
  if (error) return <Failure failure={toApiError(error)} onRetry={() => void refetch()} />;
  if (!data) return <div className="panel h-40" aria-busy />;
  return (
    <>
      <p className="mb-3 text-muted">
        Change them in the environment, in <span className="mono">.env</span> or in{' '}
        <span className="mono text-text">{data.settingsFile}</span>; the environment wins over .env, .env over the
        settings file. They apply at the next start.
      </p>
      <div className="panel overflow-x-auto">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Value</th>
              <th scope="col">Comes from</th>
            </tr>
          </thead>
          <tbody>
            {data.settings.map((setting) => (
              <SettingRow key={setting.key} setting={setting} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

export function SettingsPage() {
  return (
    <div className="page">
      <h1 className="page-title mb-4">Settings</h1>
      <LookSettings />
      <h2 className="mt-8 mb-1 text-sm">Program</h2>
      <SettingTable />
    </div>
  );
}
