import type { LocationRegistry } from '../core/catalog/location-registry.ts';

/** Every flow that crosses features stands in this file. */

const lookAgainMs = 15_000;

/** A location that is offline is looked at again by itself, so that it comes back when its drive does. */
export function watchOffline({ registry }: { readonly registry: LocationRegistry }): () => void {
  const timer = setInterval(() => {
    for (const slot of registry.list()) if (slot.state.kind === 'offline') void registry.look(slot);
  }, lookAgainMs);
  timer.unref();
  return () => clearInterval(timer);
}
