import { Link, Outlet } from '@tanstack/react-router';
import { Command as CommandIcon, Keyboard, Monitor, Moon, Sun } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { QueueDrawer } from '../features/queue/queue-drawer.tsx';
import { IconButton } from '../ui/button.tsx';
import { useCommands } from '../ui/commands.ts';
import { Kbd } from '../ui/kbd.tsx';
import { NoticeList } from '../ui/notice-list.tsx';
import { cycleTheme, usePreference } from '../ui/preferences.ts';
import { TipLayer } from '../ui/tip-layer.tsx';
import { useShortcuts } from '../ui/use-shortcuts.ts';
import { Activity } from './activity.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { useFrameCommands } from './frame-commands.ts';
import './frame.css';
import { ShortcutSheet } from './shortcut-sheet.tsx';

/** Loaded when it is first opened. */
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));

const pages = [
  ['/sync', 'Sync'],
  ['/dedupe', 'Duplicates'],
  ['/locations', 'Locations'],
  ['/problems', 'Problems'],
  ['/settings', 'Settings'],
  ['/doctor', 'Doctor'],
] as const;

const themeIcons = { auto: Monitor, light: Sun, dark: Moon } as const;
const themeNames = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

type Overlay = 'none' | 'palette' | 'shortcuts';

function ThemeButton() {
  const theme = usePreference('theme');
  return <IconButton icon={themeIcons[theme]} label={`Theme: ${themeNames[theme]}`} onClick={cycleTheme} />;
}

function Navigation() {
  return (
    <nav aria-label="Pages" className="frame-nav">
      {pages.map(([to, name]) => (
        <Link key={to} to={to} className="frame-link" activeOptions={{ includeSearch: false }}>
          {name}
        </Link>
      ))}
    </nav>
  );
}

export function Frame() {
  const [overlay, setOverlay] = useState<Overlay>('none');
  const close = () => setOverlay('none');
  useShortcuts();
  useFrameCommands();
  useCommands([
    { id: 'palette', title: 'All commands', section: 'Help', keys: 'Mod+k', run: () => setOverlay('palette') },
    { id: 'shortcuts', title: 'Keyboard shortcuts', section: 'Help', keys: '?', run: () => setOverlay('shortcuts') },
  ]);
  return (
    <div className="frame">
      <header className="frame-bar">
        <span className="frame-name">Weightroom</span>
        <Navigation />
        <Activity />
        <button type="button" className="palette-button" data-tip="All commands" onClick={() => setOverlay('palette')}>
          <span className="sr-only">All commands</span>
          <Kbd keys="Mod+k" />
          <CommandIcon size={15} aria-hidden />
        </button>
        <IconButton
          icon={Keyboard}
          label="Keyboard shortcuts"
          keys="?"
          onClick={() => setOverlay('shortcuts')}
          className="frame-wide"
        />
        <ThemeButton />
      </header>
      <ConnectionBanner />
      <main className="frame-page" id="page">
        <Outlet />
      </main>
      <QueueDrawer />
      <NoticeList />
      <Suspense>{overlay === 'palette' && <Palette onClose={close} />}</Suspense>
      <ShortcutSheet isOpen={overlay === 'shortcuts'} onClose={close} />
      <TipLayer />
    </div>
  );
}
