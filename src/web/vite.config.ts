import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
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
        // One chunk, so that the schema library is told to do without `eval` before the first schema is made.
        codeSplitting: { groups: [{ name: 'contract', test: /node_modules\/zod\/|src\/contract\/|no-eval\.ts$/ }] },
      },
    },
    chunkSizeWarningLimit: 900,
  },
});
