import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite dev` finds a running hub. */
const hub = process.env['SYNCLINE_HUB'] ?? 'http://127.0.0.1:8000';

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The hub's content security policy allows scripts from itself only: nothing may be inlined.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 750,
    // @rjsf/core's index also exports its own test helper, whose validator is not installed with it. Nothing here calls
    // the helper, so it is dropped, and the import with it.
    rolldownOptions: {
      external: ['@rjsf/validator-ajv8'],
      treeshake: { moduleSideEffects: [{ external: true, sideEffects: false }] },
    },
  },
  server: { proxy: { '/api': hub, '/health': hub, '/docs': hub } },
});
