import type { Location } from '../../contract/locations.ts';
import { describeSlot } from '../../core/catalog/location-slot.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { LocationDefinition } from '../../core/locations/location-definition.ts';
import { normaliseRoot } from '../../core/paths/absolute-path.ts';
import { overlap } from '../../core/paths/containment.ts';
import type { LocationsPorts } from './locations-ports.ts';
import type { PlaceChecks } from './place-checks.ts';

/** The first locations of a person, and the demo library that stands in for them until then. */
export function createFirstRun(ports: LocationsPorts, checks: PlaceChecks, forget: (id: string) => Promise<void>) {
  const { registry, store, machine } = ports;

  function isDemo(id: string): boolean {
    return registry.find(id)?.definition.origin === 'demo';
  }

  async function show(definitions: readonly LocationDefinition[]): Promise<{ locations: Location[] }> {
    const slots = definitions.map((definition) => registry.open(definition));
    await Promise.all(slots.map(({ loaded }) => loaded));
    await Promise.all(slots.map((slot) => registry.look(slot)));
    return { locations: slots.map(describeSlot) };
  }

  return {
    async setUpLocations(input: { readonly local: string; readonly lake?: string | undefined }) {
      refuseWhereOwnExist();
      const local = define('local', 'Local', input.local, ports);
      const wanted = input.lake === undefined ? [local] : [local, define('lake', 'Lake', input.lake, ports)];
      // Both are looked at before either is taken, so that a second choice that fails leaves things as they were.
      const facts = await Promise.all(wanted.map(checks.probe));
      refuseWhereOwnExist();
      for (const [i, { path }] of wanted.entries()) {
        const seen = facts[i];
        if (seen) checks.refuseTaken(path, seen, isDemo);
      }
      const [first, second] = facts;
      if (first && second) refuseEachOther(first.realPath, second.realPath);
      for (const { definition } of registry.list()) if (isDemo(definition.id)) await forget(definition.id);
      for (const definition of wanted) store.save(definition);
      return show(wanted);
    },
    async openDemo() {
      if (registry.list().length > 0) {
        throw new AppError('LOCATION_EXISTS', 'There are locations already, so the demo library is not shown.', {
          hint: 'To see it anyway, start Weightroom with --demo.',
        });
      }
      return show(ports.prepareDemo());
    },
  };

  function refuseWhereOwnExist(): void {
    const [own] = [
      ...registry.list().flatMap(({ definition }) => (isDemo(definition.id) ? [] : [definition])),
      // Those that the demo hides when it was asked for.
      ...store.list(),
    ];
    if (!own) return;
    throw new AppError('LOCATION_EXISTS', `The first location is chosen already: “${own.name}”.`, {
      hint: 'Add others on the Locations page.',
    });
  }

  function refuseEachOther(one: string, other: string): void {
    const relation = overlap(one, other, machine.platform);
    if (relation === 'apart') return;
    const how = relation === 'same' ? 'are the same folder' : 'lie inside each other';
    throw new AppError('LOCATION_NESTED', `“${one}” and “${other}” ${how}; locations must not overlap.`, {
      hint: 'Choose two folders that lie apart.',
    });
  }
}

function define(id: string, name: string, path: string, { machine }: LocationsPorts): LocationDefinition {
  return {
    id,
    name,
    path: normaliseRoot(path, machine.platform),
    layout: 'comfyui',
    drive: 'auto',
    allowDelete: false,
    undoDeletes: id === 'local',
    typeToDelete: false,
    origin: 'user',
  };
}
