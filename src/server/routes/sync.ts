import { syncEndpoints } from '../../contract/sync.ts';
import { defineRoutes } from './route.ts';

export const syncRoutes = defineRoutes(syncEndpoints);
