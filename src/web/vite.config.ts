import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { apiEndpoints } from '../contract/api.ts';
import { sessionEndpoints } from '../contract/session.ts';

const addressesOf = (endpoints: typeof apiEndpoints | typeof sessionEndpoints) =>
  JSON.stringify(
    Object.fromEntries(Object.entries(endpoints).map(([name, { method, path }]) => [name, { method, path }])),
  );

/** The page calls endpoints by method and path; their schemas, and zod with them, stay with the server. */
const endpointsWithoutSchemas: Plugin = {
  name: 'endpoints-without-schemas',
  load(id) {
    if (id.endsWith('/src/contract/api.ts')) return `export const apiEndpoints = ${addressesOf(apiEndpoints)};`;
    if (id.endsWith('/src/contract/session.ts')) {
      return `export const sessionEndpoints = ${addressesOf(sessionEndpoints)};`;
    }
    return null;
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [endpointsWithoutSchemas, react(), tailwindcss()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // The server's content policy allows nothing inline: no data: fonts, no preload polyfill.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What the first page needs comes in few files: each one more costs a cold tab a millisecond.
        codeSplitting: {
          groups: [
            { name: 'libraries', test: /node_modules\/(?!zod|cmdk|d3|@dnd)/, minShareCount: 2 },
            {
              name: 'shared',
              test: /src\/web\/(ui|api)\/|src\/contract\/[a-z]+-words\.ts|src\/contract\/errors\.ts/,
              minShareCount: 2,
            },
          ],
        },
      },
    },
    chunkSizeWarningLimit: 900,
  },
});
