import type { Handlers } from '../../contract/endpoint.ts';
import type { folderEndpoints } from '../../contract/folders.ts';
import { type DiscoverPorts, discoverFolders } from './discover-folders.ts';
import { listFolders } from './list-folders.ts';
import { type OpenFolderPorts, openFolder } from './open-folder.ts';

export type FoldersPorts = OpenFolderPorts & DiscoverPorts;

export function createFoldersFeature(ports: FoldersPorts): Handlers<typeof folderEndpoints> {
  const { looks, machine, places } = ports;
  return {
    openFolder: (input) => openFolder(input, ports),
    listPlaces: async () => ({ places: [...(await places.list())] }),
    listFolders: (input) => listFolders(input, looks, machine.platform),
    discoverFolders: () => discoverFolders(ports),
  };
}
