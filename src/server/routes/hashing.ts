import { hashEndpoints } from '../../contract/hashing.ts';
import { defineRoutes } from './route.ts';

export const hashRoutes = defineRoutes(hashEndpoints);
