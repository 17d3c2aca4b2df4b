import { preferenceNow, setPreference } from '../../ui/preferences.ts';
import { createStore } from '../../ui/store.ts';

/** Tabs of the drawer, and what each shows of the queue. */
export const drawerTabs = ['active', 'done', 'failed'] as const;
export type DrawerTab = (typeof drawerTabs)[number];

interface DrawerState {
  readonly tab: DrawerTab;
  /** Task whose files are listed. */
  readonly chosen: string | null;
}

const store = createStore<DrawerState>({ tab: 'active', chosen: null });

export const useDrawerTab = (): DrawerTab => store.use(({ tab }) => tab);
export const useChosenTask = (): string | null => store.use(({ chosen }) => chosen);

export function showTab(tab: DrawerTab): void {
  store.set({ tab, chosen: null });
}

export function chooseTask(chosen: string | null): void {
  store.set({ ...store.get(), chosen });
}

export function openDrawer(tab: DrawerTab = store.get().tab): void {
  if (tab !== store.get().tab) showTab(tab);
  setPreference('queueOpen', true);
}

export function toggleDrawer(): void {
  setPreference('queueOpen', !preferenceNow('queueOpen'));
}
