import { doctorEndpoints } from '../../contract/doctor.ts';
import { defineRoutes } from './route.ts';

export const doctorRoutes = defineRoutes(doctorEndpoints);
