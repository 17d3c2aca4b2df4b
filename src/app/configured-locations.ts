import type { LocationOrigin } from '../contract/locations.ts';
import type { LocationDefinition } from '../core/locations/location-definition.ts';
import type { AbsolutePath } from '../core/paths/absolute-path.ts';
import type { LoadedSettings } from './load-settings.ts';

/** The locations that the settings name: `local` and `lake`. */
export function configuredLocations({ values, settings }: LoadedSettings): readonly LocationDefinition[] {
  const define = (
    id: string,
    name: string,
    key: string,
    path: AbsolutePath | null,
    allowDelete: boolean,
  ): LocationDefinition[] => {
    const source = settings.find((setting) => setting.key === key)?.source;
    const origin: LocationOrigin = source === undefined || source === 'default' ? 'settings-file' : source;
    // Deletes can be undone where space is one's own; on the lake it is wanted back at once.
    const deletes = { allowDelete, undoDeletes: id === 'local', typeToDelete: false };
    return path === null ? [] : [{ id, name, path, layout: 'comfyui', drive: 'auto', ...deletes, origin }];
  };
  return [
    ...define('local', 'Local', 'LOCAL_MODELS_ROOT', values.localModelsRoot, values.localAllowDelete),
    ...define('lake', 'Lake', 'LAKE_MODELS_ROOT', values.lakeModelsRoot, values.lakeAllowDelete),
  ];
}
