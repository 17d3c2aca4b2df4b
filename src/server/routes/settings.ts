import { settingsEndpoints } from '../../contract/settings.ts';
import { defineRoutes } from './route.ts';

export const settingsRoutes = defineRoutes(settingsEndpoints);
