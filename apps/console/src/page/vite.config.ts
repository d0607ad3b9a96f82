import { defineConfig } from 'vite';

/** Relative addresses only: the page works under any path of a reverse proxy. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  cacheDir: '../../../../node_modules/.vite-console',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: '../../dist/page', emptyOutDir: true, modulePreload: false, reportCompressedSize: true },
});
