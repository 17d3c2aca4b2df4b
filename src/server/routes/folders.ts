import { folderEndpoints } from '../../contract/folders.ts';
import { defineRoutes } from './route.ts';

export const folderRoutes = defineRoutes(folderEndpoints);
