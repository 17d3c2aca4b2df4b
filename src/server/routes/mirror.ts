import { mirrorEndpoints } from '../../contract/mirror.ts';
import { defineRoutes } from './route.ts';

export const mirrorRoutes = defineRoutes(mirrorEndpoints);
