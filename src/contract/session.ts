import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';

export const sessionEndpoints = {
  openSession: defineEndpoint({
    method: 'POST',
    path: '/api/session',
    summary: 'Exchange the token of the start address for a session cookie.',
    input: () => z.object({ token: z.string().min(1).max(200) }),
    output: () => z.object({ ok: z.literal(true) }),
    open: true,
  }),
  health: defineEndpoint({
    method: 'GET',
    path: '/api/health',
    summary: 'The server answers. Says nothing else.',
    input: () => z.object({}),
    output: () => z.object({ ok: z.literal(true), name: z.literal('weightroom'), version: z.string() }),
    open: true,
  }),
};
