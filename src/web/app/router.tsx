import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { AddLocationForm } from '../features/locations/add-location-form.tsx';
import { LocationNotice } from '../features/locations/location-notice.tsx';
import { ProblemsPage } from '../features/locations/problems-page.tsx';
import { SyncPage } from '../features/sync/sync-page.tsx';
import { parseSyncSearch } from '../features/sync/sync-search.ts';
import { NotFoundPage, PageFailure } from './fallback-pages.tsx';
import { Frame } from './frame.tsx';
import { parseSearch, stringifySearch } from './search-text.ts';

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
        addLocation={<AddLocationForm />}
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
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../features/settings/settings-page.tsx'), 'SettingsPage'),
});
const doctor = createRoute({
  getParentRoute: () => root,
  path: '/doctor',
  component: lazyRouteComponent(() => import('../features/doctor/doctor-page.tsx'), 'DoctorPage'),
});

const problems = createRoute({
  getParentRoute: () => root,
  path: '/problems',
  validateSearch: (search: Record<string, unknown>): { location?: string } =>
    typeof search.location === 'string' ? { location: search.location } : {},
  component: function ProblemsRoute() {
    const { location } = problems.useSearch();
    return <ProblemsPage location={location} />;
  },
});

export const router = createRouter({
  routeTree: root.addChildren([home, sync, locations, problems, settings, doctor]),
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
