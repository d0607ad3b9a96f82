import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** Relative addresses only: the page works under any path of a reverse proxy. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  cacheDir: '../../../../node_modules/.vite-console',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/page',
    emptyOutDir: true,
    modulePreload: false,
    reportCompressedSize: true,
    rolldownOptions: {
      input: {
        index: resolve(import.meta.dirname, 'index.html'),
        'service-worker': resolve(import.meta.dirname, 'push/worker.ts'),
      },
      // a service worker keeps its name, and its folder is the one that it serves
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
