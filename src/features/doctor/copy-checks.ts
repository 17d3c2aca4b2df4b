import type { Check } from '../../contract/doctor.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { sharesBlocks } from '../../core/transfers/volume-pair.ts';

/** How files get from one location to each of the others: the fastest way that is safe, tried again at every copy. */
export function copyChecks(slot: LocationSlot, all: readonly LocationSlot[]): readonly Check[] {
  const { facts } = slot;
  if (facts === null) return [];
  return all.flatMap((other) => {
    if (other === slot || other.facts === null) return [];
    const isSameVolume = other.facts.device === facts.device;
    const detail = !isSameVolume
      ? 'Another drive: bytes are copied, hashed on the way and stored for good before they get their name.'
      : sharesBlocks(slot, other)
        ? 'Same volume: copies share blocks where it was made for that (no bytes move), else bytes are copied and hashed.'
        : 'Same volume, whose files cannot share blocks: bytes are copied and hashed on the way.';
    const id = `copy-to-${other.definition.id}`;
    return [{ id, title: `Copies to ${other.definition.name}`, status: 'ok' as const, detail, hint: null }];
  });
}
