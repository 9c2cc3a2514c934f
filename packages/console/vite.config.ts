import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { guides } from './guides/plugin.ts';

/** The policy of the service allows no inline script and nothing from elsewhere: what is small is not inlined either. */
export default defineConfig({
  plugins: [guides(), react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    chunkSizeWarningLimit: 1500,
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:7070' },
  },
});
