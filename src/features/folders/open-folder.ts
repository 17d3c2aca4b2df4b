import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { Desktop } from '../../core/ports/desktop.ts';
import type { FolderLooks } from '../../core/ports/folder-looks.ts';

export interface OpenFolderPorts {
  readonly registry: LocationRegistry;
  readonly looks: FolderLooks;
  readonly desktop: Desktop;
  /** Checks the relPath and joins it to the location's root. @throws AppError INVALID_PATH */
  readonly absolutePath: (slot: LocationSlot, relPath: string) => string;
}

/** The folder is looked at first, by the drive's own process: what a desktop is asked to open is never a file. */
export async function openFolder(
  { location, relPath }: { readonly location: string; readonly relPath: string },
  { registry, looks, desktop, absolutePath }: OpenFolderPorts,
): Promise<{ opened: string }> {
  const slot = registry.require(location);
  const path = absolutePath(slot, relPath);
  const shown = await looks.folderOf({ root: slot.definition.path, path });
  await desktop.showFolder(shown);
  return { opened: shown.folder };
}
