import { densities, setPreference, themes, usePreference } from '../../ui/preferences.ts';
import { Segmented } from '../../ui/segmented.tsx';

const themeWords = { auto: 'As the system', light: 'Light', dark: 'Dark' } as const;
const densityWords = { compact: 'Compact', normal: 'Normal', comfortable: 'Comfortable' } as const;

/** Look of this page; remembered in this browser. */
export function LookSettings() {
  return (
    <section>
      <h2 className="mb-2 text-sm">Look</h2>
      <div className="panel grid gap-3 p-3 sm:grid-cols-2">
        <Segmented
          label="Theme"
          options={themes}
          words={themeWords}
          value={usePreference('theme')}
          onChange={(theme) => setPreference('theme', theme)}
        />
        <Segmented
          label="Rows"
          options={densities}
          words={densityWords}
          value={usePreference('density')}
          onChange={(density) => setPreference('density', density)}
        />
      </div>
    </section>
  );
}
