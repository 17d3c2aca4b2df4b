import { headerEndpoints } from '../../contract/headers.ts';
import { defineRoutes } from './route.ts';

export const headerRoutes = defineRoutes(headerEndpoints);
