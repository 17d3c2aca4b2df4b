import { indexEndpoints } from '../../contract/indexing.ts';
import { defineRoutes } from './route.ts';

export const indexRoutes = defineRoutes(indexEndpoints);
