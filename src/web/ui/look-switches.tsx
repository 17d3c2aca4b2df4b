import { densities, setPreference, themes, usePreference } from './preferences.ts';
import { Segmented } from './segmented.tsx';

const themeWords = { auto: 'As the system', light: 'Light', dark: 'Dark' } as const;
const densityWords = { compact: 'Compact', normal: 'Normal', comfortable: 'Comfortable' } as const;

/** Theme and density; remembered in this browser. */
export function LookSwitches() {
  return (
    <>
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
    </>
  );
}
