import { useNavigate } from '@tanstack/react-router';
import { useCommands } from '../ui/commands.ts';
import { densities, setPreference, themes } from '../ui/preferences.ts';

const themeTitles = { auto: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' } as const;
const densityTitles = {
  compact: 'Rows: compact',
  normal: 'Rows: normal',
  comfortable: 'Rows: comfortable',
} as const;

/** Commands of every page. */
export function useFrameCommands(): void {
  const navigate = useNavigate();
  const goTo =
    (to: '/first-run' | '/design' | '/sync' | '/dedupe' | '/locations' | '/problems' | '/settings' | '/doctor') => () =>
      void navigate({ to });
  useCommands([
    { id: 'go-sync', title: 'Go to Sync', section: 'Pages', keys: 'g s', run: goTo('/sync') },
    { id: 'go-dedupe', title: 'Go to Duplicates', section: 'Pages', keys: 'g d', run: goTo('/dedupe') },
    { id: 'go-locations', title: 'Go to Locations', section: 'Pages', keys: 'g l', run: goTo('/locations') },
    { id: 'go-problems', title: 'Go to Problems', section: 'Pages', keys: 'g p', run: goTo('/problems') },
    { id: 'go-settings', title: 'Go to Settings', section: 'Pages', keys: 'g e', run: goTo('/settings') },
    { id: 'go-doctor', title: 'Go to Doctor', section: 'Pages', keys: 'g h', run: goTo('/doctor') },
    { id: 'go-first-run', title: 'Use my own folders (first run)', section: 'Pages', run: goTo('/first-run') },
    { id: 'go-design', title: 'Parts of this interface', section: 'Pages', run: goTo('/design') },
    ...themes.map((theme) => ({
      id: `theme-${theme}`,
      title: themeTitles[theme],
      section: 'Look',
      run: () => setPreference('theme', theme),
    })),
    ...densities.map((density) => ({
      id: `density-${density}`,
      title: densityTitles[density],
      section: 'Look',
      run: () => setPreference('density', density),
    })),
  ]);
}
