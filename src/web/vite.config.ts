import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const contract = join(import.meta.dirname, '..', 'contract');

/** Read in a process of its own: while `npm run dev` watches, the contract changes and this file stays loaded. */
async function endpointsOf(file: string, name: string): Promise<string> {
  const script = `
    import { ${name} } from ${JSON.stringify(pathToFileURL(join(contract, file)).href)};
    const addresses = Object.entries(${name}).map(([name, { method, path }]) => [name, { method, path }]);
    console.log(JSON.stringify(Object.fromEntries(addresses)));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return `export const ${name} = ${stdout.trim()};`;
}

/** The page calls endpoints by method and path; their schemas, and zod with them, stay with the server. */
const endpointsWithoutSchemas: Plugin = {
  name: 'endpoints-without-schemas',
  buildStart() {
    for (const name of readdirSync(contract)) this.addWatchFile(join(contract, name));
  },
  load(id) {
    if (id.endsWith('/src/contract/api.ts')) return endpointsOf('api.ts', 'apiEndpoints');
    if (id.endsWith('/src/contract/session.ts')) return endpointsOf('session.ts', 'sessionEndpoints');
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
