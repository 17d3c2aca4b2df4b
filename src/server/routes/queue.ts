import { queueEndpoints } from '../../contract/queue.ts';
import { defineRoutes } from './route.ts';

export const queueRoutes = defineRoutes(queueEndpoints);
