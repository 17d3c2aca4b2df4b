import { dedupeEndpoints } from '../../contract/dedupe.ts';
import { defineRoutes } from './route.ts';

export const dedupeRoutes = defineRoutes(dedupeEndpoints);
