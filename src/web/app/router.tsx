import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { parseDedupeSearch } from '../features/dedupe/dedupe-search.ts';
import { Begin } from '../features/locations/begin.tsx';
import { LocationNotice } from '../features/locations/location-notice.tsx';
import { PathField } from '../features/locations/path-field.tsx';
import type { ProblemSearch } from '../features/locations/problems-page.tsx';
import { SyncPage } from '../features/sync/sync-page.tsx';
import { parseSyncSearch } from '../features/sync/sync-search.ts';
import { NotFoundPage, PageFailure } from './fallback-pages.tsx';
import { Frame } from './frame.tsx';
import { parseSearch, stringifySearch } from './search-text.ts';

const SettingsPage = lazyRouteComponent(() => import('../features/settings/settings-page.tsx'), 'SettingsPage');
const DesignPage = lazyRouteComponent(() => import('../features/design/design-page.tsx'), 'DesignPage');
const SyncParts = lazyRouteComponent(() => import('../features/sync/sync-parts.tsx'), 'SyncParts');
const DedupePage = lazyRouteComponent(() => import('../features/dedupe/dedupe-page.tsx'), 'DedupePage');
const QueueParts = lazyRouteComponent(() => import('../features/queue/queue-parts.tsx'), 'QueueParts');
const ProblemsPage = lazyRouteComponent(() => import('../features/locations/problems-page.tsx'), 'ProblemsPage');
const root = createRootRoute({ component: Frame, notFoundComponent: NotFoundPage });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/sync', replace: true });
  },
});

const sync = createRoute({
  getParentRoute: () => root,
  path: '/sync',
  validateSearch: parseSyncSearch,
  component: function SyncRoute() {
    const search = sync.useSearch();
    const navigate = sync.useNavigate();
    return (
      <SyncPage
        search={search}
        onSearchChange={(next, options) => void navigate({ search: next, replace: options.replace })}
        addLocation={<Begin />}
        LocationNotice={LocationNotice}
      />
    );
  },
});

const locations = createRoute({
  getParentRoute: () => root,
  path: '/locations',
  component: lazyRouteComponent(() => import('../features/locations/locations-page.tsx'), 'LocationsPage'),
});
const firstRun = createRoute({
  getParentRoute: () => root,
  path: '/first-run',
  component: lazyRouteComponent(() => import('../features/locations/first-run-page.tsx'), 'FirstRunPage'),
});
const design = createRoute({
  getParentRoute: () => root,
  path: '/design',
  component: function DesignRoute() {
    return <DesignPage compareParts={<SyncParts />} queueParts={<QueueParts />} />;
  },
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: function SettingsRoute() {
    return <SettingsPage PathField={PathField} />;
  },
});
const doctor = createRoute({
  getParentRoute: () => root,
  path: '/doctor',
  component: lazyRouteComponent(() => import('../features/doctor/doctor-page.tsx'), 'DoctorPage'),
});

const problems = createRoute({
  getParentRoute: () => root,
  path: '/problems',
  validateSearch: (search: Record<string, unknown>): ProblemSearch =>
    Object.fromEntries(
      ['location', 'cause', 'q'].flatMap((name) => (typeof search[name] === 'string' ? [[name, search[name]]] : [])),
    ),
  component: function ProblemsRoute() {
    const search = problems.useSearch();
    const navigate = problems.useNavigate();
    return <ProblemsPage search={search} onSearchChange={(next) => void navigate({ search: next, replace: true })} />;
  },
});

const dedupe = createRoute({
  getParentRoute: () => root,
  path: '/dedupe',
  validateSearch: parseDedupeSearch,
  component: function DedupeRoute() {
    const search = dedupe.useSearch();
    const navigate = dedupe.useNavigate();
    return (
      <DedupePage
        search={search}
        onSearchChange={(next, options) => void navigate({ search: next, replace: options?.replace ?? false })}
      />
    );
  },
});

export const router = createRouter({
  routeTree: root.addChildren([home, sync, dedupe, locations, firstRun, problems, settings, design, doctor]),
  parseSearch,
  stringifySearch,
  defaultErrorComponent: PageFailure,
  defaultPreload: false,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
