import { createStore } from '../ui/store.ts';

const store = createStore({ refused: false });

/** Whether the server lets this page in. Once refused, only the address that `serve` printed helps. */
export const access = {
  useRefused: (): boolean => store.use((state) => state.refused),
  refuse: (): void => store.set({ refused: true }),
};
