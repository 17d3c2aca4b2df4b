import { dedupeEndpoints } from './dedupe.ts';
import { doctorEndpoints } from './doctor.ts';
import type { Client, Handlers } from './endpoint.ts';
import { folderEndpoints } from './folders.ts';
import { hashEndpoints } from './hashing.ts';
import { headerEndpoints } from './headers.ts';
import { indexEndpoints } from './indexing.ts';
import { locationEndpoints } from './locations.ts';
import { mirrorEndpoints } from './mirror.ts';
import { queueEndpoints } from './queue.ts';
import { settingsEndpoints } from './settings.ts';
import { syncEndpoints } from './sync.ts';

/** Every operation of the engine. The session exchange belongs to the server alone (session.ts). */
export const apiEndpoints = {
  ...locationEndpoints,
  ...indexEndpoints,
  ...syncEndpoints,
  ...hashEndpoints,
  ...settingsEndpoints,
  ...doctorEndpoints,
  ...folderEndpoints,
  ...headerEndpoints,
  ...queueEndpoints,
  ...mirrorEndpoints,
  ...dedupeEndpoints,
};

export type ApiEndpoints = typeof apiEndpoints;
export type ApiHandlers = Handlers<ApiEndpoints>;
export type Api = Client<ApiEndpoints>;
