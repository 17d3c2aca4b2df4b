import { locationEndpoints } from '../../contract/locations.ts';
import { defineRoutes } from './route.ts';

export const locationRoutes = defineRoutes(locationEndpoints);
